import Display
import Training

extension EvaluationResult {
    /// From 200 texts on one of them is less than half a point.
    private var shareStyle: NumberStyle { .percent(metrics.count >= 200 ? 1 : 0) }

    /// What the task is judged by before others: `74%`, of 200 texts and more `84.0%`.
    var figureText: String {
        guard let figure = metrics.figures.first else { return "–" }
        return metrics.matrix == nil ? NumberStyle.loss.text(figure.value) : shareStyle.text(figure.value)
    }

    /// The 95% interval of an accuracy: `65–82`; nil for what has none.
    var intervalText: String? {
        guard let matrix = metrics.matrix, metrics.figures.first?.name == "accuracy" else { return nil }
        let interval = matrix.accuracyInterval
        func bare(_ share: Double) -> String { String(shareStyle.text(share).dropLast()) }
        return "\(bare(interval.lowerBound))–\(bare(interval.upperBound))"
    }
}
