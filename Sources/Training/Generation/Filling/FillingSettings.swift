/// How an encoder fills in the masks that stand after a prompt.
package struct FillingSettings: Sendable, Hashable {
    /// Which mask is next.
    package enum Order: String, Sendable, Hashable, CaseIterable {
        /// The first of them.
        case left
        /// The one whose likeliest word is likelier than those of the others.
        case likeliest
    }

    package var order = Order.left
    /// How often, after all are filled in, each word is masked once more, from the left, and chosen anew beside the others:
    /// Gibbs sampling, as Wang & Cho 2019 have BERT write.
    package var rounds = 0

    package init() {}
}
