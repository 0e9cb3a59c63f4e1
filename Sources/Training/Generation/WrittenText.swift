/// A text that a model has written after a prompt.
package struct WrittenText: Sendable, Hashable {
    /// Which prompt it follows, and which of that prompt's texts it is.
    package let prompt, sample: Int
    package internal(set) var text: String
    /// Without the token that ended it.
    package internal(set) var tokens: [Int32]
    package internal(set) var ending: Ending

    /// Why a text ends.
    package enum Ending: String, Sendable, Hashable, CaseIterable {
        /// The model has said that it ends.
        case end
        /// A stop string has come.
        case stop
        case maxTokens = "max_tokens"
        /// The model can read no more.
        case context

        package var summary: String {
            switch self {
            case .end: "ended by the model"
            case .stop: "ended before a stop string"
            case .maxTokens: "ended by max_tokens"
            case .context: "ended where the model's context is full"
            }
        }
    }
}

/// What several prompts have come to.
package struct Writing: Sendable {
    /// A text for each sample of each prompt, in that order.
    package let texts: [WrittenText]
    /// Tokens of the prompts, each counted once.
    package let promptTokens: Int
    /// Tokens that were computed after them, those that ended a text included.
    package let tokens: Int
    /// Until all prompts were read, and the rest.
    package let readingSeconds, writingSeconds: Double

    package var seconds: Double { readingSeconds + writingSeconds }
}

/// A text that grows.
package struct WritingProgress: Sendable {
    package let prompt, sample: Int
    /// What is new of it; it may be nothing, where a character or a stop string is not whole yet.
    package let text: String
    /// Tokens of the text so far.
    package let tokens: Int
    /// Nil while it goes on.
    package let ending: WrittenText.Ending?
}
