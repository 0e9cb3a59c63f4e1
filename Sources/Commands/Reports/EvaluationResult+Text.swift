import Display
import Training

extension EvaluationResult {
    /// From 200 texts on one of them is less than half a point.
    private var shareStyle: NumberStyle { .percent(metrics.count >= 200 ? 1 : 0) }

    /// What the task is judged by before others: `74%`, of 200 texts and more `84.0%`.
    var figureText: String {
        guard let figure = metrics.figures.first else { return "–" }
        return metrics.matrix == nil ? figure.style.text(figure.value) : shareStyle.text(figure.value)
    }

    /// The same with its name, where a share does not speak for itself: `perplexity 12.34`.
    var namedFigureText: String {
        guard metrics.matrix == nil, let figure = metrics.figures.first else { return figureText }
        return "\(figure.name) \(figureText)"
    }

    /// The 95% interval of what the task is judged by: `65–82` of an accuracy; nil for what has none.
    var intervalText: String? {
        guard let matrix = metrics.matrix, metrics.figures.first?.name == "accuracy" else {
            return metrics.figures.first?.intervalText
        }
        let interval = matrix.accuracyInterval
        func bare(_ share: Double) -> String { String(shareStyle.text(share).dropLast()) }
        return "\(bare(interval.lowerBound))–\(bare(interval.upperBound))"
    }
}

extension Metrics.Figure {
    /// In a table: `ROUGE-L`.
    var title: String {
        if name == "pseudo_perplexity" { return "pseudo-perplexity" }
        let field = name.split(separator: ".", maxSplits: 1).dropFirst().first
        return TextMetricRegistry.named(name)?.title ?? Self.titlesOfNumbers[name]
            ?? field.map { "\($0) right" } ?? name
    }

    private static let titlesOfNumbers = [
        "pearson": "Pearson", "spearman": "Spearman", "mse": "MSE", "mae": "MAE", "r2": "R²",
    ]

    /// Of a figure that is no share of classes.
    var style: NumberStyle {
        switch name {
        case "perplexity", "pseudo_perplexity": .significant(4)
        case "accuracy", "exact_match", "exact_match_strict": .percent(1)
        case let name where name.hasPrefix("json_"): .percent(1)
        case "pearson", "spearman", "r2": .fixed(3)
        case "bleu", "chrf", "chrf++", "ter": .fixed(2)
        default: .loss
        }
    }

    /// `11.92–12.80`
    var intervalText: String? {
        interval.map { "\(style.text($0.lowerBound))–\(style.text($0.upperBound))" }
    }
}
