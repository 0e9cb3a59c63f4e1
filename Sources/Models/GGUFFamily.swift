import Checkpoints
import JSON
import Learning

/// How llama.cpp's files hold a model family: read and written by one description.
package struct GGUFFamily: Sendable {
    /// `general.architecture`, with which the family's own keys begin.
    package let architecture: String
    let keys: KeyDecisions
    let config: @Sendable (ConfigReader, any Checkpoint) throws -> ModelConfig
    /// Tensors by their paths here: the first candidate is the name to write.
    package let naming: @Sendable (ModelConfig) -> any TensorNaming
    /// The family's own keys, from which `config` reads the same.
    ///
    /// - Throws: `not-in-gguf` where llama.cpp computes otherwise than the configuration says.
    package let header: @Sendable (ModelConfig) throws -> [(key: String, value: GGUFValue)]
    /// What of the configuration stands as tensors.
    package let extras: @Sendable (ModelConfig) -> [(name: String, values: [Float])]
}

extension ModelConfig {
    /// Whether another computes as this one does, but for the rounding of its numbers to single precision.
    package func computes(like other: ModelConfig) -> Bool {
        func bare(_ config: ModelConfig) -> ModelConfig {
            var config = config
            (config.padding, config.dropout, config.rotaryScaling, config.rotaryBase) = (nil, [:], .none, 0)
            config.activation = Activation(configured: config.activation)?.rawValue ?? config.activation
            return config
        }
        func isClose(_ one: Double, _ other: Double) -> Bool { abs(one - other) <= 1e-6 * abs(one) }
        return bare(self) == bare(other)
            && zip(rotaryFrequencies, other.rotaryFrequencies).allSatisfy { isClose($0, $1) }
            && isClose(rotaryScaling.attention, other.rotaryScaling.attention)
    }
}
