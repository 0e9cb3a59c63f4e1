import Compute
import Learning

/// How well a model does: it is handed outputs a share at a time, and what several have seen becomes one.
package protocol Judge: Sendable {
    /// - `outputs`: a row for each learned place of the examples, as the task's readout gives them.
    /// - `numbers`: the examples' places in the order in which they were asked.
    mutating func add(_ outputs: Tensor, _ examples: [EncodedExample], numbered numbers: [Int])

    /// Whether it wants the losses of the learned places in place of the outputs, which then are never all in memory.
    var readsLosses: Bool { get }

    /// Whether single tokens are judged, so that there is a perplexity.
    var judgesTokens: Bool { get }

    /// Whether scores may not differ in their last bits from those of other rows or passes: a beginning that all rows have
    /// is then computed for each.
    var comparesExactly: Bool { get }

    /// - `losses`: -log p of the target at each learned place of the examples.
    mutating func add(losses: [Float], _ examples: [EncodedExample], numbered numbers: [Int])

    mutating func merge(_ other: Self)

    /// In the order of the numbers.
    var answers: [Answer] { get }

    /// How answers that are no classes are put in an order; nil for classes, which have their own.
    var ranking: AnswerRanking? { get }

    var metrics: Metrics { get }
}

extension Judge {
    package var readsLosses: Bool { false }
    package var judgesTokens: Bool { readsLosses }
    package var comparesExactly: Bool { false }
    package var ranking: AnswerRanking? { nil }

    package mutating func add(losses: [Float], _ examples: [EncodedExample], numbered numbers: [Int]) {
        preconditionFailure("a judge of outputs is handed \(losses.count) losses")
    }

    package mutating func add(_ outputs: Tensor, _ examples: [EncodedExample], numbered numbers: [Int]) {
        preconditionFailure("a judge of losses is handed \(outputs.rows) outputs")
    }
}

/// What a model says of one example.
package struct Answer: Sendable, Hashable {
    package let number: Int
    /// Log-probabilities of the classes, or the value itself.
    package let values: [Float]
    package let truth: Target?

    /// The most probable class.
    package var prediction: Int { values.indices.max { values[$0] < values[$1] } ?? 0 }
}

/// Answers that come in any order, as a judge keeps them.
package struct Answers: Sendable {
    private var kept: [Answer] = []

    package init() {}

    package mutating func add(_ values: [[Float]], _ examples: [EncodedExample], numbered numbers: [Int]) {
        precondition(
            values.count == examples.count && numbers.count == examples.count,
            "\(values.count) answers and \(numbers.count) numbers of \(examples.count) examples")
        for (values, (example, number)) in zip(values, zip(examples, numbers)) {
            kept.append(Answer(number: number, values: values, truth: example.truth))
        }
    }

    package mutating func merge(_ other: Answers) { kept += other.kept }

    package var inOrder: [Answer] { kept.sorted { $0.number < $1.number } }
}

/// The figures of an evaluation, over the examples whose truth is known.
package struct Metrics: Sendable, Hashable, Codable {
    /// How many there are.
    package var count: Int
    /// Mean over the examples, or over the tokens that are judged.
    package var loss: Double
    /// Tokens that are judged, where each of them is.
    package var tokens: Int?
    /// By name; the first is what the task is judged by before others.
    package var figures: [Figure]
    /// Which classes were taken for which, where answers are classes.
    package var matrix: ConfusionMatrix?
    /// How far probabilities are from how often they come true, where answers have any: see `CalibrationError`.
    package var calibrationError: Double?
    /// What else probabilities say, where answers have any.
    package var probabilities: ProbabilityFigures?
    /// The loss of always answering the mean of the known numbers; nil where answers are no numbers.
    package var meanBaseline: Double?

    package struct Figure: Sendable, Hashable, Codable {
        package let name: String
        package let value: Double
        /// Where it lies with a probability of 95%; nil where nobody can say.
        package let low, high: Double?

        package init(_ name: String, _ value: Double, in interval: ClosedRange<Double>? = nil) {
            (self.name, self.value) = (name, value)
            (low, high) = (interval?.lowerBound, interval?.upperBound)
        }

        package var interval: ClosedRange<Double>? {
            guard let low, let high, low <= high else { return nil }
            return low...high
        }
    }

    package init(
        count: Int, loss: Double, figures: [Figure], matrix: ConfusionMatrix? = nil,
        calibrationError: Double? = nil, probabilities: ProbabilityFigures? = nil
    ) {
        (self.count, self.loss, self.figures, self.matrix) = (count, loss, figures, matrix)
        (self.calibrationError, self.probabilities) = (calibrationError, probabilities)
    }
}
