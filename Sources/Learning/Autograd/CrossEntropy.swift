import CVectorMath
import Compute

/// Cross-entropy of rows of logits against labels, and the gradient it sends back.
package enum CrossEntropy {
    /// Each row's -log p(label), in nats.
    ///
    /// - `logits`: (rows, classes); `labels`: one a row.
    package static func losses(of logits: Tensor, labels: [Int32]) -> [Float] {
        check(labels, logits)
        var losses = [Float](repeating: 0, count: logits.rows)
        lk_cross_entropy(&losses, logits.pointer, labels, logits.rows, logits.columns)
        return losses
    }

    /// The losses, and the logits' gradient of sum(factor · loss), (rows, classes).
    ///
    /// The gradient is written over the logits where nobody reads them again.
    ///
    /// - `factors`: each row's weight in the loss, such as 1 / labels of the batch.
    package static func learn(
        _ logits: Tensor, labels: [Int32], factors: [Float]
    ) -> (losses: [Float], gradient: Buffer) {
        check(labels, logits)
        precondition(factors.count == logits.rows, "\(factors.count) factors for \(logits.rows) rows")
        let gradient = logits.isDisposable ? logits.buffer : logits.buffer.copy()
        var losses = [Float](repeating: 0, count: logits.rows)
        lk_cross_entropy_gradient(
            &losses, gradient.pointer, labels, factors, logits.rows, logits.columns)
        return (losses, gradient)
    }

    private static func check(_ labels: [Int32], _ logits: Tensor) {
        precondition(labels.count == logits.rows, "\(labels.count) labels for \(logits.rows) rows")
        if let bad = labels.first(where: { $0 < 0 || Int($0) >= logits.columns }) {
            preconditionFailure("cross-entropy: label \(bad) of \(logits.columns) classes")
        }
    }
}
