import Compute
import Learning

/// Judges numbers by correlation with what they should be and by their distance from it; the loss is the mean squared error.
package struct ValueJudge: Judge {
    private var kept = Answers()

    package init() {}

    /// Each row of outputs is an example's, its one column the number.
    package mutating func add(_ outputs: Tensor, _ examples: [EncodedExample], numbered numbers: [Int]) {
        precondition(outputs.columns == 1, "\(outputs.columns) outputs for one number")
        kept.add((0..<outputs.rows).map { [outputs[$0, 0]] }, examples, numbered: numbers)
    }

    package mutating func merge(_ other: ValueJudge) { kept.merge(other.kept) }

    package var answers: [Answer] { kept.inOrder }

    package var metrics: Metrics { Metrics(valuesOf: answers) }
}

extension Metrics {
    /// Of answers that are numbers; those whose value is not known are left aside.
    ///
    /// A correlation with what is one number throughout, which has none, is 0.
    package init(valuesOf answers: [Answer]) {
        let known = answers.compactMap { answer in
            answer.truth?.value.map { (answer: Double(answer.values[0]), truth: Double($0)) }
        }
        let pairs = ValuePairs(answers: known.map(\.answer), truths: known.map(\.truth))
        let whole = pairs.figures()
        let drawn = Self.drawn(pairs)
        let figures = Self.valueFigures.map { name, value in
            Figure(name, value(whole) ?? 0, in: Bootstrap.interval(of: drawn.map { value($0) ?? .nan }))
        }
        self.init(count: pairs.count, loss: whole.meanSquaredError, figures: figures)
        meanBaseline = pairs.count > 0 ? whole.meanBaseline : nil
    }

    /// The first is what the task is judged by before others.
    private static let valueFigures: [(name: String, value: @Sendable (ValueFigures) -> Double?)] = [
        ("pearson", { $0.pearson }), ("spearman", { $0.spearman }), ("mse", { $0.meanSquaredError }),
        ("mae", { $0.meanAbsoluteError }), ("r2", { $0.determination }),
    ]

    /// Of texts that are drawn anew, always the same ones; none of a single text.
    private static func drawn(_ pairs: ValuePairs) -> [ValueFigures] {
        guard pairs.count > 1 else { return [] }
        let bootstrap = Bootstrap(seed: 0)
        return (0..<bootstrap.trials).map { trial in
            var times = [Double](repeating: 0, count: pairs.count)
            for place in bootstrap.draw(trial, of: pairs.count) { times[place] += 1 }
            return pairs.figures(counting: times)
        }
    }
}
