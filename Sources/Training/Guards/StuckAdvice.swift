import Datasets
import Diagnostics

/// What to try where a model puts every text into one class after it was trained for a while, or where always answering the
/// mean would be nearer than its numbers.
///
/// Such a model has learned how common classes are and nothing of the texts; its accuracy, that of the commonest class,
/// can look like a good one.
package struct StuckAdvice: Sendable, Hashable {
    /// A rate that the run goes by.
    package struct Rate: Sendable, Hashable {
        /// As a cell names it: `lr`, `lr.head`.
        package let name: String
        package let value: Double
        /// As a cell writes it.
        package let written: String

        package init(_ name: String, _ value: Double, written: String) {
            (self.name, self.value, self.written) = (name, value, written)
        }
    }

    private let labels: [String]
    /// Of the training texts, from 0 to 1, by class.
    private let shares: [Double]
    private let rates: [Rate]
    private let usualRate: Double
    private let isWeighted: Bool
    /// Updates of earlier runs over the same weights.
    private let earlier: Int

    /// Where a class is so much more common than another, weights of classes are worth a try.
    private static let imbalance = 1.5
    /// Between two answers, in the unit of rewards: one that is nearer to 0 tells nothing.
    private static let leastMargin = 1e-3
    /// With fewer steps a model may just not have begun.
    private static let fewSteps = 200

    /// - `rates`, `usual`: what the run goes by, and what is usual; no rates where the optimizer goes by one of its own.
    /// - `isWeighted`: whether classes are weighted already.
    /// - `earlier`: updates of earlier runs over the same weights: what was judged after these says nothing of this run.
    package init(
        _ dataset: Dataset, rates: [Rate], usual: Double, isWeighted: Bool = false, after earlier: Int = 0
    ) {
        labels = dataset.labels
        let counts = dataset.counts(in: .train)
        let total = Double(max(1, counts.reduce(0, +)))
        shares = counts.map { Double($0) / total }
        (self.rates, usualRate, self.isWeighted, self.earlier) = (rates, usual, isWeighted, earlier)
    }

    /// Whether a judgement after some updates, earlier runs' among them, is one of a stuck model; nil where it is not,
    /// and where this run had made none yet.
    package func remark(after epoch: Double, steps: Int, _ validation: EvaluationResult) -> String? {
        if steps > earlier, let margin = validation.metrics.figures.first(where: { $0.name == "margin" }),
            abs(margin.value) < Self.leastMargin
        {
            let rate = rates.count == 1 ? "a higher \(rateInUse), or " : ""
            return
                "after epoch \(Passes.text(epoch)) the margin is still 0: try \(rate)more steps (\(steps.grouped) so far)"
        }
        if steps > earlier, validation.metrics.meanBaseline != nil, let triviality = validation.triviality {
            return
                "after epoch \(Passes.text(epoch)) the numbers are \(triviality): try \(tries(nil, steps: steps))"
        }
        guard steps > earlier, let only = validation.onlyAnswer else { return nil }
        let name = ClassMatch.named(validation.matrix.labels[only])
        let place = "after epoch \(Passes.text(epoch))"
        return "\(place) every text is called \(name): try \(tries(only, steps: steps))"
    }

    /// The likeliest first.
    ///
    /// - `only`: the class that everything is called; nil of numbers.
    private func tries(_ only: Int?, steps: Int) -> String {
        var tries: [String] = []
        let isLow = rates.count == 1 && rates[0].value < 0.5 * usualRate
        let isHigh = rates.count == 1 && rates[0].value > 2 * usualRate
        if isLow { tries.append("a higher \(rateInUse)") }
        if let only, !isWeighted, let share = imbalanced(only) {
            tries.append(
                "class_weights=balanced (\(share) of the training texts are \(ClassMatch.named(labels[only])))"
            )
        }
        // A head of numbers has the whole way from 0 to their mean to go.
        if only == nil, !rates.contains(where: { $0.name == "lr.head" }) {
            tries.append("a higher rate of the head (lr.head=)")
        }
        if isHigh { tries.append("a lower \(rateInUse)") }
        if steps < Self.fewSteps || tries.isEmpty { tries.append("more steps (\(steps.grouped) so far)") }
        if !isLow, !isHigh, !rates.isEmpty {
            tries.append(rates.count == 1 ? "another \(rateInUse)" : "other rates (now \(written))")
        }
        return tries.joined(separator: ", or ")
    }

    /// `lr (now 1e-5)`
    private var rateInUse: String { "\(rates[0].name) (now \(written))" }

    /// `1e-5` of one alone, `lr 2e-5, lr.head 0.001` of several.
    private var written: String {
        rates.map { rates.count == 1 ? $0.written : "\($0.name) \($0.written)" }.joined(separator: ", ")
    }

    /// The share of a class that is far more common than the rarest; nil for others.
    private func imbalanced(_ label: Int) -> String? {
        guard shares.indices.contains(label), shares[label] == shares.max(),
            let rarest = shares.filter({ $0 > 0 }).min(), shares[label] >= Self.imbalance * rarest
        else { return nil }
        return "\(Int((100 * shares[label]).rounded()))%"
    }
}
