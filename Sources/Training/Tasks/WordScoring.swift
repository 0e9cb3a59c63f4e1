/// How the log-probabilities of a class's tokens, its end among them, become one score.
package enum WordScoring: String, Sendable, Hashable, Codable, CaseIterable {
    /// That of the whole answer: what the model would write.
    case sum
    /// Of a token on average, so that a class is not less probable for having a longer name.
    case mean

    package var summary: String {
        switch self {
        case .sum: "the log-probability of the whole answer"
        case .mean: "divided by its tokens, so that long names cost nothing"
        }
    }

    func score(_ logarithms: some Collection<Float>) -> Double {
        let sum = logarithms.reduce(0.0) { $0 + Double($1) }
        return self == .sum ? sum : sum / Double(max(1, logarithms.count))
    }
}
