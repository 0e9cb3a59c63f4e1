/// How a model writes: how much, how each token is chosen, and what ends a text.
package struct GenerationSettings: Sendable, Hashable {
    /// Tokens of a text, at most.
    package var maxTokens = 128
    /// Nil for the likeliest token each time.
    package var sampling: Sampling?
    /// Divides the logits of tokens that are there already, and multiplies those below 0 (Keskar et al. 2019); 1 leaves
    /// them be.
    package var repetitionPenalty: Float = 1
    /// A text ends before the first of these that it holds.
    package var stops: [String] = []
    /// Of what is drawn.
    package var seed: UInt64 = 0
    /// Texts a prompt.
    package var samples = 1
    /// Whether texts go on past the model's end token, as measurements want it: to so many tokens, or a stop string.
    package var ignoresEnds = false

    package init() {}

    /// Drawing from what filters leave of the distribution. As Transformers has them, and in its order: temperature,
    /// the likeliest so many, the likeliest that make up so much, those likely enough beside the likeliest.
    package struct Sampling: Sendable, Hashable {
        /// Divides the logits; above 0.
        package var temperature: Float = 1
        /// Tokens that stay; nil for all.
        package var topK: Int?
        /// The smallest set of likeliest tokens with this much of the probability stays (Holtzman et al. 2020).
        package var topP: Double?
        /// Tokens stay that have this share of the likeliest one's probability (Nguyen et al. 2024).
        package var minP: Double?

        package init(temperature: Float = 1, topK: Int? = nil, topP: Double? = nil, minP: Double? = nil) {
            (self.temperature, self.topK, self.topP, self.minP) = (temperature, topK, topP, minP)
        }
    }
}
