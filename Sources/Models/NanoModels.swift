import Learning

/// Small models with seeded random weights: they know nothing and load at once, so that the whole
/// language can be tried without a download.
package enum NanoModels {
    /// BERT's family: 2 blocks × 64.
    ///
    /// - `vocabulary`: of its tokenizer.
    package static func bert(vocabulary: Int, seed: UInt64) throws -> any LanguageModel {
        var config = shape("bert", vocabulary: vocabulary, activation: "gelu")
        config.segments = 2
        return try BERT(config, ParameterStore(seed: seed, deviation: 0.05))
    }

    /// LLaMA's family: 2 blocks × 64, two query heads to a head of keys and values.
    package static func llama(vocabulary: Int, seed: UInt64) throws -> any LanguageModel {
        var config = shape("llama", vocabulary: vocabulary, activation: "silu")
        config.keyValueHeads = 2
        return try LLaMA(config, ParameterStore(seed: seed, deviation: 0.05))
    }

    private static func shape(_ family: String, vocabulary: Int, activation: String) -> ModelConfig {
        ModelConfig(
            family: family, width: 64, blocks: 2, heads: 4, keyValueHeads: 4, headWidth: 16, feedForward: 256,
            vocabulary: vocabulary, context: 512, normEpsilon: 1e-6, activation: activation)
    }
}
