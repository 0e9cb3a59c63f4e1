import Diagnostics
import Foundation

/// Logistic regression as scikit-learn's LogisticRegression has it: of two classes one plane between them, of more one for
/// each; `C` times the sum of -log p, plus half the squared weights but for the intercepts, is least.
///
/// It is taken on to where the gradient of the mean has no number above 1e-6 (scikit-learn ends at 1e-4), so that it
/// agrees with scikit-learn as far as that one is asked to converge.
package struct LogisticRegression: Sendable {
    private let classes: Int
    private let columnCount: Int
    /// The weights of each plane, its intercept last.
    private let weights: [Double]
    package let steps: Int
    package let isConverged: Bool

    /// - `labels`: from 0 on, below `classes`, all of which occur.
    /// - `strength`: scikit-learn's `C`: the larger, the less weights are held down.
    /// - Throws: `Interrupted`.
    package init(
        _ rows: SparseRows, labels: [Int], classes: Int, strength: Double = 1, interruption: Interruption
    ) throws {
        precondition(
            classes > 1 && rows.count == labels.count, "\(labels.count) of \(rows.count) rows, \(classes)")
        (self.classes, columnCount) = (classes, rows.columnCount)
        let planes = classes == 2 ? 1 : classes
        let width = rows.columnCount + 1
        let count = Double(rows.count)
        let outcome = try LimitedMemoryBFGS().minimum(
            from: Array(repeating: 0, count: planes * width), interruption: interruption
        ) { weights in
            var gradient = [Double](repeating: 0, count: weights.count)
            var value = 0.0
            for row in labels.indices {
                let scores = Self.scores(rows, row, weights, planes)
                let (loss, slopes) = Self.loss(scores, labels[row])
                value += loss
                for (plane, slope) in slopes.enumerated() {
                    rows.add(row, times: slope / count, to: &gradient, from: plane * width)
                    gradient[plane * width + width - 1] += slope / count
                }
            }
            value /= count
            let pull = 1 / (strength * count)
            for index in weights.indices where (index + 1) % width != 0 {
                gradient[index] += pull * weights[index]
                value += 0.5 * pull * weights[index] * weights[index]
            }
            return (value, gradient)
        }
        (weights, steps, isConverged) = (outcome.values, outcome.steps, outcome.isConverged)
    }

    /// The log-probabilities of the classes of each row.
    package func logProbabilities(_ rows: SparseRows) -> [[Double]] {
        precondition(rows.columnCount == columnCount, "\(rows.columnCount) columns of \(columnCount)")
        return (0..<rows.count).map { row in
            let scores = Self.scores(rows, row, weights, classes == 2 ? 1 : classes)
            return (0..<classes).map { -Self.loss(scores, $0).loss }
        }
    }

    private static func scores(
        _ rows: SparseRows, _ row: Int, _ weights: [Double], _ planes: Int
    ) -> [Double] {
        let width = rows.columnCount + 1
        return (0..<planes).map { plane in
            let own = weights[plane * width..<(plane + 1) * width]
            return rows.product(row, own) + own[own.endIndex - 1]
        }
    }

    /// -log p of a class, and its slopes by the scores.
    private static func loss(_ scores: [Double], _ label: Int) -> (loss: Double, slopes: [Double]) {
        guard scores.count > 1 else {
            let sign = label == 1 ? 1.0 : -1
            let margin = sign * scores[0]
            let loss = margin > 0 ? log1p(exp(-margin)) : log1p(exp(margin)) - margin
            return (loss, [-sign * exp(-margin - loss)])
        }
        let top = scores.max() ?? 0
        let total = top + log(scores.reduce(0) { $0 + exp($1 - top) })
        let slopes = scores.enumerated().map { exp($1 - total) - ($0 == label ? 1 : 0) }
        return (total - scores[label], slopes)
    }
}
