import Datasets
import Diagnostics

/// What to try where a model puts every text into one class after it was trained for a while.
///
/// Such a model has learned how common classes are and nothing of the texts; its accuracy, that of the commonest class,
/// can look like a good one.
package struct StuckAdvice: Sendable, Hashable {
    private let labels: [String]
    /// Of the training texts, from 0 to 1, by class.
    private let shares: [Double]
    private let rate: String
    private let usualRate: Double
    private let lr: Double
    private let isWeighted: Bool

    /// Where a class is so much more common than another, weights of classes are worth a try.
    private static let imbalance = 1.5
    /// With fewer steps a model may just not have begun.
    private static let fewSteps = 200

    /// - `rate`, `usual`: the run's learning rate as it is written, and what is usual.
    /// - `isWeighted`: whether classes are weighted already.
    package init(
        _ dataset: Dataset, lr: Double, written rate: String, usual: Double, isWeighted: Bool = false
    ) {
        labels = dataset.labels
        let counts = dataset.counts(in: .train)
        let total = Double(max(1, counts.reduce(0, +)))
        shares = counts.map { Double($0) / total }
        (self.rate, usualRate, self.lr, self.isWeighted) = (rate, usual, lr, isWeighted)
    }

    /// Whether a judgement after some updates is one of a stuck model; nil where it is not.
    package func remark(after epoch: Double, steps: Int, _ validation: EvaluationResult) -> String? {
        guard steps > 0, let only = validation.onlyAnswer else { return nil }
        let name = ClassMatch.named(validation.matrix.labels[only])
        // Two digits of an epoch that is under way.
        let passes = epoch == epoch.rounded() ? "\(Int(epoch))" : "\((100 * epoch).rounded() / 100)"
        return "after epoch \(passes) every text is called \(name): try \(tries(only, steps: steps))"
    }

    /// The likeliest first.
    private func tries(_ only: Int, steps: Int) -> String {
        var tries: [String] = []
        let isLow = lr < 0.5 * usualRate
        if isLow { tries.append("a higher lr (now \(rate))") }
        if !isWeighted, let share = imbalanced(only) {
            tries.append(
                "class_weights=balanced (\(share) of the training texts are \(ClassMatch.named(labels[only])))"
            )
        }
        if lr > 2 * usualRate { tries.append("a lower lr (now \(rate))") }
        if steps < Self.fewSteps || tries.isEmpty { tries.append("more steps (\(steps.grouped) so far)") }
        if !isLow, lr <= 2 * usualRate { tries.append("another lr (now \(rate))") }
        return tries.joined(separator: ", or ")
    }

    /// The share of a class that is far more common than the rarest; nil for others.
    private func imbalanced(_ label: Int) -> String? {
        guard shares.indices.contains(label), shares[label] == shares.max(),
            let rarest = shares.filter({ $0 > 0 }).min(), shares[label] >= Self.imbalance * rarest
        else { return nil }
        return "\(Int((100 * shares[label]).rounded()))%"
    }
}
