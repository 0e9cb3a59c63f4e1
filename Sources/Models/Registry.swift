import Checkpoints
import Compute
import Diagnostics
import Foundation
import JSON

/// One model family: how it is recognised and built.
package struct ModelFamily: Sendable {
    /// The `model_type` of its config.json.
    package let name: String
    /// Adapter targets when none are named, as PEFT has them.
    package let defaultTargets: [String]
    /// Which layer of a block does what.
    package let roles: [LayerRole: LayerTarget]
    let prefix: String
    /// What is done about every key of its config.json.
    package let keys: KeyDecisions
    /// What its classes' names begin with in Transformers: `Bert`.
    package let classPrefix: String
    /// The class that predicts tokens.
    package let languageClass: String
    let config: @Sendable (ConfigReader) throws -> ModelConfig
    /// The config.json of what the engine knows.
    package let reference: @Sendable (ModelConfig) -> JSONObject
    let make: @Sendable (ModelConfig, ParameterStore) throws -> any LanguageModel
    /// How llama.cpp's files hold it; nil where they are not read here.
    package var gguf: GGUFFamily?
}

/// The model families. A new one is a file of its own and a line here.
package enum ModelRegistry {
    package static let families: [ModelFamily] = [.bert, .gpt2, .llama]

    package static func family(named name: String) -> ModelFamily? {
        families.first { $0.name == name }
    }

    /// The family of a GGUF file's `general.architecture`.
    static func family(ofGGUF architecture: String) -> ModelFamily? {
        families.first { $0.gguf?.architecture == architecture }
    }
}
