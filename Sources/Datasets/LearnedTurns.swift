/// What of a request and its answer, or of a dialogue, is learned; the rest is read.
package enum LearnedTurns: String, Sendable, Hashable, Codable, CaseIterable {
    /// All that the assistant says.
    case assistant
    /// The last that the assistant says.
    case last
    /// Every token but the first, as in continued pretraining.
    case all
}
