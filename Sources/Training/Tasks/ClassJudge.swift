import Compute
import Foundation
import Learning

/// Judges classes by their log-probabilities.
package struct ClassJudge: Judge {
    /// A score for each class of each example, from which `logSoftmax` makes log-probabilities.
    package typealias Reading = @Sendable (_ outputs: Tensor, _ examples: [EncodedExample]) -> [[Float]]

    private let labels: [String]
    private let read: Reading
    private var kept = Answers()

    package init(labels: [String], reading read: @escaping Reading = Self.rows) {
        (self.labels, self.read) = (labels, read)
    }

    /// Each row of outputs is an example's.
    package static func rows(_ outputs: Tensor, _ examples: [EncodedExample]) -> [[Float]] {
        (0..<outputs.rows).map { row in (0..<outputs.columns).map { outputs[row, $0] } }
    }

    package mutating func add(_ outputs: Tensor, _ examples: [EncodedExample], numbered numbers: [Int]) {
        kept.add(read(outputs, examples).map(logSoftmax), examples, numbered: numbers)
    }

    package mutating func merge(_ other: ClassJudge) { kept.merge(other.kept) }

    package var answers: [Answer] { kept.inOrder }

    package var metrics: Metrics { Metrics(classesOf: answers, labels: labels) }
}

extension Metrics {
    /// Of answers that are log-probabilities of classes; those without a known class are left aside.
    ///
    /// The loss is the mean of -log p(true class), in nats.
    package init(classesOf answers: [Answer], labels: [String]) {
        var matrix = ConfusionMatrix(labels: labels)
        var loss = 0.0
        var calibration = CalibrationError()
        let judged = answers.filter { $0.truth?.label != nil }
        for answer in judged {
            guard let truth = answer.truth?.label else { continue }
            matrix.add(truth: truth, prediction: answer.prediction)
            loss -= Double(answer.values[truth])
            let probability = Double(exp(answer.values[answer.prediction]))
            calibration.add(probability: probability, isRight: answer.prediction == truth)
        }
        let probabilities = ProbabilityFigures(
            truths: judged.compactMap(\.truth?.label),
            probabilities: judged.map { $0.values.map { Double(exp($0)) } })
        self.init(
            count: matrix.total, loss: loss / Double(max(1, matrix.total)),
            figures: [.init("accuracy", matrix.accuracy)], matrix: matrix,
            calibrationError: calibration.value, probabilities: judged.isEmpty ? nil : probabilities)
    }
}

/// `x - log(sum(exp(x)))`.
func logSoftmax(_ x: [Float]) -> [Float] {
    let top = x.max() ?? 0
    let sum = x.reduce(Float(0)) { $0 + exp($1 - top) }
    return x.map { $0 - top - log(sum) }
}
