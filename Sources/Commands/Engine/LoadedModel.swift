import Diagnostics
import Learning
import Models
import Tokenizers
import Training

/// A model with its tokenizer, as `model` brought it in.
package final class LoadedModel: Sendable {
    /// What the person called it.
    package let name: String
    /// A package and version, or a path.
    package let source: String
    package let model: any LanguageModel
    package let tokenizer: any Tokenizer
    package let pooling: Pooling
    /// Whether the weights are random, so that everything should train.
    package let isUntrained: Bool
    /// What the weights as they were loaded have been tuned on, as far as notes beside them say.
    package let seen: SeenTexts

    package init(
        name: String, source: String, model: any LanguageModel, tokenizer: any Tokenizer,
        pooling: Pooling? = nil, isUntrained: Bool = false,
        seen: SeenTexts = SeenTexts()
    ) {
        self.name = name
        self.source = source
        self.model = model
        self.tokenizer = tokenizer
        self.pooling = pooling ?? model.defaultPooling
        self.isUntrained = isUntrained
        self.seen = seen
    }
}

/// What a model may be loaded with.
package struct ModelRequest: Sendable {
    package var name: String
    package var precision: Precision?
    package var pooling: Pooling?
    package var seed: UInt64
}
