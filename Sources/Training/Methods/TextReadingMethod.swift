import Learning
import Models
import Tokenizers

/// A method that can begin with a text's tokens, and does without a tokenizer where it does not.
protocol TextReadingMethod: Method {
    /// - `tokenizer`: the model's; nil where nobody has it.
    /// - Throws: when it fits no layer of this model, or wants a tokenizer and has none.
    func tuning(
        of model: any LanguageModel, by tokenizer: (any Tokenizer)?, seed: UInt64
    ) throws -> Tuning
}

extension TextReadingMethod {
    package func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        try tuning(of: model, by: nil, seed: seed)
    }

    package func tuning(
        of model: any LanguageModel, reading tokenizer: any Tokenizer, seed: UInt64
    ) throws -> Tuning {
        try tuning(of: model, by: tokenizer, seed: seed)
    }
}
