import CVectorMath
import Compute
import Foundation

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
        check(factors, logits)
        let gradient = logits.isDisposable ? logits.buffer : logits.buffer.copy()
        var losses = [Float](repeating: 0, count: logits.rows)
        lk_cross_entropy_gradient(
            &losses, gradient.pointer, labels, factors, logits.rows, logits.columns)
        return (losses, gradient)
    }

    // MARK: - Smoothed

    /// What of a row's loss goes to all classes.
    package struct Spread {
        /// Of each row.
        let factors: [Float]
        /// Of each class; none stands for 1.
        let weights: [Float]

        package init(factors: [Float], weights: [Float]) { (self.factors, self.weights) = (factors, weights) }
    }

    /// The same with smoothed labels: the gradient of
    /// `sum(factor · -log p(label) + spread factor · Σ_c weight_c · -log p_c)`.
    ///
    /// - Returns: the two kinds of losses apart, without their factors, and the gradient.
    package static func learn(
        _ logits: Tensor, labels: [Int32], factors: [Float], spread: Spread
    ) -> (losses: (labels: [Float], spread: [Double]), gradient: Buffer) {
        check(labels, logits)
        check(factors, logits)
        check(spread.factors, logits)
        let (rows, columns) = (logits.rows, logits.columns)
        precondition(
            spread.weights.isEmpty || spread.weights.count == columns,
            "\(spread.weights.count) weights of \(columns) classes")
        let gradient = logits.isDisposable ? logits.buffer : logits.buffer.copy()
        var losses = [Float](repeating: 0, count: rows)
        var spreads = [Double](repeating: 0, count: rows)
        let weights = spread.weights.isEmpty ? [Float](repeating: 1, count: columns) : spread.weights
        lk_cross_entropy_smoothed(
            &losses, &spreads, gradient.pointer, labels, factors, spread.factors, weights, rows, columns)
        return ((losses, spreads), gradient)
    }

    // MARK: - Focal

    /// `(1 - p)^gamma · -log p` of each row's label (Lin et al. 2017), and the logits' gradient of sum(factor · loss).
    ///
    /// With `s = log p` the loss's slope along s is `-(1 - p)^gamma + gamma · p · s · (1 - p)^(gamma - 1)`, and s goes
    /// along the logits as in cross-entropy: a row's gradient is that of cross-entropy times a number.
    package static func learnFocal(
        _ logits: Tensor, labels: [Int32], factors: [Float], gamma: Float
    ) -> (losses: [Float], gradient: Buffer) {
        check(factors, logits)
        let (plain, gradient) = learn(
            logits, labels: labels, factors: [Float](repeating: 1, count: logits.rows))
        var losses = plain
        for (row, loss) in plain.enumerated() {
            // Rounding may take it below nothing.
            let (entropy, gamma) = (Double(max(0, loss)), Double(gamma))
            let missing = -expm1(-entropy)
            let focus = pow(missing, gamma)
            losses[row] = Float(focus * entropy)
            let turn = missing > 0 ? gamma * (1 - missing) * entropy * pow(missing, gamma - 1) : 0
            lk_scale(
                gradient.pointer + row * logits.columns, factors[row] * Float(focus + turn), logits.columns)
        }
        return (losses, gradient)
    }

    private static func check(_ factors: [Float], _ logits: Tensor) {
        precondition(factors.count == logits.rows, "\(factors.count) factors for \(logits.rows) rows")
    }

    private static func check(_ labels: [Int32], _ logits: Tensor) {
        precondition(labels.count == logits.rows, "\(labels.count) labels for \(logits.rows) rows")
        if let bad = labels.first(where: { $0 < 0 || Int($0) >= logits.columns }) {
            preconditionFailure("cross-entropy: label \(bad) of \(logits.columns) classes")
        }
    }
}
