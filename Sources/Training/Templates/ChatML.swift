import Datasets

extension PromptTemplate {
    /// OpenAI's Chat Markup Language: `<|im_start|>role`, what is said, `<|im_end|>`.
    package static let chatML = chatMLTurns(
        name: "chatml", summary: "turns between <|im_start|> and <|im_end|>")

    /// SmolLM2's: the same, with a system turn before dialogues that have none.
    package static let smolLM2 = chatMLTurns(
        name: "smollm2", summary: "ChatML with SmolLM2's system turn",
        system: "You are a helpful AI assistant named SmolLM, trained by Hugging Face")

    /// Qwen2's: the same, with a system turn of its own.
    package static let qwen2 = chatMLTurns(
        name: "qwen2", summary: "ChatML with Qwen2's system turn", system: "You are a helpful assistant.")

    /// - `system`: what a dialogue without a system turn begins with; nil for nothing.
    private static func chatMLTurns(name: String, summary: String, system: String? = nil) -> PromptTemplate {
        PromptTemplate(
            name: name, summary: summary,
            .dialogue { turns, asks in
                func opening(_ role: Turn.Role, _ index: Int) -> TextSegment {
                    .markup("<|im_start|>\(role.rawValue)\n", index)
                }
                var segments: [TextSegment] = []
                if let system, turns.first?.role != .system {
                    segments = [opening(.system, 0), .markup("\(system)<|im_end|>\n", 0)]
                }
                for (index, turn) in turns.enumerated() {
                    segments += [
                        opening(turn.role, index), .words(turn.content, index, isSaid: true),
                        .markup("<|im_end|>", index, isSaid: true), .markup("\n", index),
                    ]
                }
                return segments + (asks ? [opening(.assistant, turns.count)] : [])
            })
    }
}
