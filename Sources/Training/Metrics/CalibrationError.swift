import Foundation

/// How far stated probabilities are from how often they come true: the expected calibration error (Guo et al. 2017).
///
/// Answers are put into bins by the probability of the class that was named; the error is the mean over the answers of
/// what lies between a bin's share of right ones and its mean probability. 0 is perfect, 1 the worst.
package struct CalibrationError: Sendable {
    /// In ascending order of probability.
    package private(set) var bins: [Bin]

    /// Answers of about one probability.
    package struct Bin: Sendable, Hashable, Codable {
        package var count = 0
        package var right = 0
        /// The sum of their probabilities.
        package var probability = 0.0
    }

    /// - `bins`: of equal width between 0 and 1; a bin holds its upper end.
    package init(bins: Int = 10) {
        precondition(bins > 0, "\(bins) bins")
        self.bins = Array(repeating: Bin(), count: bins)
    }

    /// - `probability`: of the answer, 0…1.
    package mutating func add(probability: Double, isRight: Bool) {
        let place = Int((probability * Double(bins.count)).rounded(.up)) - 1
        let index = min(bins.count - 1, max(0, place))
        bins[index].count += 1
        bins[index].right += isRight ? 1 : 0
        bins[index].probability += probability
    }

    /// Nil before anything was added.
    package var value: Double? {
        let total = bins.reduce(0) { $0 + $1.count }
        guard total > 0 else { return nil }
        return bins.reduce(0) { $0 + abs(Double($1.right) - $1.probability) } / Double(total)
    }
}
