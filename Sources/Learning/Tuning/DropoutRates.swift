/// Chances with which a model's own values are zeroed while a tuning trains; the rest is divided by one less the chance.
package struct DropoutRates: Sendable, Hashable, Codable {
    /// Of what the embeddings give, and of what attention and feed-forward add to it.
    package var hidden: Float = 0
    /// Of attention's probabilities.
    package var attention: Float = 0
    /// Of the vector that a classifier reads.
    package var head: Float = 0

    package init(hidden: Float = 0, attention: Float = 0, head: Float = 0) {
        (self.hidden, self.attention, self.head) = (hidden, attention, head)
    }

    package var isNone: Bool { self == DropoutRates() }

    /// Whether what lies below the trained blocks is another in each step.
    package var reachesBlocks: Bool { hidden > 0 || attention > 0 }
}
