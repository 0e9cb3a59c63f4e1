import Display
import Training

extension EvaluationResult {
    /// Which classes were taken for which, to look at.
    var confusion: ConfusionView { ConfusionView(matrix.counts, labels: matrix.labels, of: title) }
}
