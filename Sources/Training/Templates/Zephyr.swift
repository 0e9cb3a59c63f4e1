import Datasets

extension PromptTemplate {
    /// Zephyr's and TinyLlama's turns: `<|user|>` on a line, what is said, the end token, a line feed.
    package static let zephyr = PromptTemplate(
        name: "zephyr", summary: "turns of Zephyr and TinyLlama",
        .dialogue { turns, asks in
            let said = turns.enumerated().flatMap { index, turn -> [TextSegment] in
                [
                    .markup("<|\(turn.role.rawValue)|>\n", index), .words(turn.content, index, isSaid: true),
                    TextSegment(.end, turn: index, isSaid: true), .markup("\n", index),
                ]
            }
            return said + (asks ? [.markup("<|assistant|>\n", turns.count)] : [])
        })
}
