import Datasets

extension PromptTemplate {
    /// LLaMA-3's turns, each under a header and ended by `<|eot_id|>`; what is said is trimmed.
    package static let llama3 = PromptTemplate(
        name: "llama3", summary: "LLaMA-3's turns",
        .dialogue { turns, asks in
            func header(_ role: Turn.Role, _ index: Int) -> TextSegment {
                .markup("<|start_header_id|>\(role.rawValue)<|end_header_id|>\n\n", index)
            }
            let said = turns.enumerated().flatMap { index, turn -> [TextSegment] in
                [
                    header(turn.role, index), .words(turn.content.trimmedText, index, isSaid: true),
                    .markup("<|eot_id|>", index, isSaid: true),
                ]
            }
            return [TextSegment(.begin, turn: 0)] + said + (asks ? [header(.assistant, turns.count)] : [])
        })
}
