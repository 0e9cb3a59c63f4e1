/// Figures of an evaluation over any choice of its texts.
protocol JudgedFigures: Sendable {
    var kinds: [JudgedFigureKind] { get }

    /// Places of texts, some of them several times; in the order of the kinds.
    func figures(of drawn: [Int]) -> [Double]
}

struct JudgedFigureKind: Sendable {
    let name: String
    let title: String
    var isShare = true
    var isLowerBetter = false
}

/// Of texts that were put into classes.
struct ClassFigures: JudgedFigures {
    private let texts: [JudgedText]
    private let labels: [String]

    init(_ result: EvaluationResult) { (texts, labels) = (result.texts, result.matrix.labels) }

    let kinds = [
        JudgedFigureKind(name: "accuracy", title: "accuracy"),
        JudgedFigureKind(name: "balanced_accuracy", title: "balanced accuracy"),
        JudgedFigureKind(name: "macro_f1", title: "macro F1"),
        JudgedFigureKind(name: "loss", title: "loss", isShare: false, isLowerBetter: true),
    ]

    func figures(of drawn: [Int]) -> [Double] {
        var counts = Array(repeating: Array(repeating: 0, count: labels.count), count: labels.count)
        var loss = 0.0
        for index in drawn {
            let text = texts[index]
            counts[text.truth][text.answer] += 1
            loss += text.loss
        }
        let matrix = ConfusionMatrix(labels: labels, counts: counts)
        return [
            matrix.accuracy, matrix.balancedAccuracy, matrix.macroF1, loss / Double(max(1, drawn.count)),
        ]
    }
}

/// Of texts that were given numbers; a correlation that is none is 0.
struct NumberFigures: JudgedFigures {
    private let pairs: ValuePairs

    init(_ result: EvaluationResult) {
        pairs = ValuePairs(
            answers: result.values.map { Double($0.answer) }, truths: result.values.map { Double($0.truth) })
    }

    let kinds = [
        JudgedFigureKind(name: "pearson", title: "Pearson", isShare: false),
        JudgedFigureKind(name: "spearman", title: "Spearman", isShare: false),
        JudgedFigureKind(name: "mse", title: "MSE", isShare: false, isLowerBetter: true),
        JudgedFigureKind(name: "mae", title: "MAE", isShare: false, isLowerBetter: true),
    ]

    func figures(of drawn: [Int]) -> [Double] {
        var times = [Double](repeating: 0, count: pairs.count)
        for place in drawn { times[place] += 1 }
        let found = pairs.figures(counting: times)
        return [
            found.pearson ?? 0, found.spearman ?? 0, found.meanSquaredError, found.meanAbsoluteError,
        ]
    }
}
