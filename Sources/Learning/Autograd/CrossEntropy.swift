import CVectorMath
import Tensors

/// Cross-entropy of rows of logits against labels, and the gradient it sends back.
package enum CrossEntropy {
    package struct Result: Sendable {
        /// Each row's -log p(label), in nats.
        package let losses: [Float]
        /// Each row's most probable class.
        package let predictions: [Int]
        /// The logits' gradient of sum(factor · loss), (rows, classes); nil where none was asked for.
        package let gradient: Buffer?
    }

    /// - `logits`: (rows, classes); `labels`: one a row.
    /// - `factors`: each row's weight in the loss, such as 1 / labels of the batch; nil without gradient.
    package static func evaluate(_ logits: Tensor, labels: [Int32], factors: [Float]?) -> Result {
        let (rows, columns) = (logits.rows, logits.columns)
        precondition(labels.count == rows, "\(labels.count) labels for \(rows) rows")
        precondition(
            factors.map { $0.count == rows } ?? true, "\(factors?.count ?? 0) factors for \(rows) rows")
        if let bad = labels.first(where: { $0 < 0 || Int($0) >= columns }) {
            preconditionFailure("cross-entropy: label \(bad) of \(columns) classes")
        }
        var losses = [Float](repeating: 0, count: rows)
        let logSums = Buffer(count: max(1, rows))
        lk_cross_entropy(&losses, logSums.pointer, logits.pointer, labels, rows, columns)
        let predictions = (0..<rows).map { row in
            let line = logits.pointer + row * columns
            return (0..<columns).max { line[$0] < line[$1] } ?? 0
        }
        guard let factors else { return Result(losses: losses, predictions: predictions, gradient: nil) }
        let gradient = Buffer(count: rows * columns)
        gradient.pointer.update(from: logits.pointer, count: rows * columns)
        lk_cross_entropy_backward(gradient.pointer, logSums.pointer, labels, factors, rows, columns)
        return Result(losses: losses, predictions: predictions, gradient: gradient)
    }
}
