import Datasets

extension PromptTemplate {
    /// LLaMA-2-chat's turns: `<s>[INST] <<SYS>>…<</SYS>> user [/INST] assistant </s>`, again and again.
    ///
    /// What is said is trimmed, as Meta's code and the template in the model's files do it.
    package static let llama2 = PromptTemplate(
        name: "llama2", summary: "LLaMA-2-chat's turns", .dialogue(llama2Turns))

    private static func llama2Turns(_ turns: [Turn], asks: Bool) -> [TextSegment] {
        var segments: [TextSegment] = []
        var system: String?
        for (index, turn) in turns.enumerated() {
            switch turn.role {
            case .system: system = turn.content
            case .user:
                segments += [TextSegment(.begin, turn: index), .markup("[INST] ", index)]
                if let words = system {
                    segments += [
                        .markup("<<SYS>>\n", index), .words(words, index - 1, isSaid: true),
                        .markup("\n<</SYS>>\n\n", index),
                    ]
                }
                let words = system == nil ? turn.content.trimmedText : turn.content.trimmedEnd
                segments += [.words(words, index, isSaid: true), .markup(" [/INST]", index)]
                system = nil
            case .assistant:
                segments += [
                    .words(" \(turn.content.trimmedText) ", index, isSaid: true),
                    TextSegment(.end, turn: index, isSaid: true),
                ]
            }
        }
        return segments
    }
}

extension String {
    /// Without white space around it.
    var trimmedText: String { String(drop(while: \.isWhitespace)).trimmedEnd }

    /// Without white space after it.
    var trimmedEnd: String {
        lastIndex { !$0.isWhitespace }.map { String(self[...$0]) } ?? ""
    }
}
