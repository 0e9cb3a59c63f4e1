import Learning
import Tensors

/// The step that all objectives share: cross-entropy of some rows of logits, and its way back.
package enum TermLoss {
    /// - `logits`: (terms, classes); `labels`: one a term; `scale`: each term's weight.
    package static func learn(
        _ logits: Tensor, labels: [Int32], scale: Float, _ pass: Pass
    ) throws -> (loss: ShareLoss, isRight: [Bool]) {
        let factors = pass.isTraining ? [Float](repeating: scale, count: labels.count) : nil
        let result = CrossEntropy.evaluate(logits, labels: labels, factors: factors)
        if let gradient = result.gradient { try pass.backward(from: logits, gradient: gradient) }
        let isRight = zip(result.predictions, labels).map { $0 == Int($1) }
        let sum = result.losses.reduce(0) { $0 + Double($1) }
        return (ShareLoss(sum: sum, terms: labels.count, correct: isRight.count { $0 }), isRight)
    }

    package static func learn(
        _ logits: Tensor, labels: [Int32], scale: Float, _ pass: Pass
    ) throws -> ShareLoss {
        let outcome: (loss: ShareLoss, isRight: [Bool]) = try learn(
            logits, labels: labels, scale: scale, pass)
        return outcome.loss
    }
}
