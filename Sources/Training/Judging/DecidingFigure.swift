/// A figure of a validation that may decide which one is the best.
package struct DecidingFigure: Sendable {
    package let name: String
    /// In a sentence: `balanced accuracy`.
    package let title: String
    package let doc: String
    /// As Transformers and scikit-learn call it.
    package let aliases: [String]
    package let isLowerBetter: Bool
    /// Whether it is a share of one.
    package let isShare: Bool
    /// What it is a figure of.
    package let domain: Domain
    /// Nil where answers are of another kind.
    package let value: @Sendable (EvaluationResult) -> Double?

    /// What a figure can be of.
    package enum Domain: Sendable, Hashable {
        case anything, classes, texts, numbers

        /// In a sentence.
        package var words: String {
            switch self {
            case .anything: "anything"
            case .classes: "classes"
            case .texts: "texts that are written"
            case .numbers: "numbers"
            }
        }
    }

    private init(
        _ name: String, _ title: String, _ doc: String, _ aliases: [String], isLowerBetter: Bool = false,
        isShare: Bool = true, of domain: Domain = .classes,
        value: @escaping @Sendable (EvaluationResult) -> Double?
    ) {
        (self.name, self.title, self.doc, self.aliases) = (name, title, doc, aliases)
        (self.isLowerBetter, self.isShare, self.domain, self.value) = (isLowerBetter, isShare, domain, value)
    }

    /// Whether a task's judge can give it.
    package func isGiven(by task: any LearningTask) -> Bool {
        switch domain {
        case .anything: true
        case .classes: !task.labels.isEmpty
        case .texts: task.labels.isEmpty && task.judge().judgesTokens
        case .numbers: task.givesNumber
        }
    }

    package static let loss = DecidingFigure(
        "loss", "loss", "mean -log p of the true class, or token, or squared error; lower is better",
        ["eval_loss", "val_loss"], isLowerBetter: true, isShare: false, of: .anything
    ) { $0.loss }

    package static let all = [
        loss,
        DecidingFigure("accuracy", "accuracy", "share of right answers", ["eval_accuracy", "acc"]) {
            $0.metrics.matrix?.accuracy
        },
        DecidingFigure(
            "balanced_accuracy", "balanced accuracy", "mean recall of the classes",
            ["eval_balanced_accuracy"]
        ) { $0.metrics.matrix?.balancedAccuracy },
        DecidingFigure(
            "f1", "F1", "of the second of two classes, else the mean over all", ["eval_f1"]
        ) { result in result.metrics.matrix.map { _ in result.f1 } },
        DecidingFigure(
            "macro_f1", "macro F1", "mean F1 of the classes that occur", ["eval_macro_f1", "eval_f1_macro"]
        ) {
            $0.metrics.matrix?.macroF1
        },
        DecidingFigure(
            "matthews", "Matthews correlation", "from -1 to 1; 0 is chance",
            ["eval_matthews_correlation", "matthews_correlation", "mcc"], isShare: false
        ) { $0.metrics.matrix?.matthews },
        DecidingFigure(
            "perplexity", "perplexity", "exp of the loss, where texts are learned; lower is better",
            ["eval_perplexity", "ppl"], isLowerBetter: true, isShare: false, of: .texts
        ) { result in result.metrics.figures.first { $0.name == "perplexity" }?.value },
        DecidingFigure(
            "auc", "area under the ROC",
            "of the second of two classes, else the mean over all; 0.5 is chance",
            ["roc_auc", "eval_auc", "eval_roc_auc"], isShare: false
        ) { $0.metrics.probabilities?.auc },
        number("pearson", "Pearson correlation", "of numbers with what they should be", ["pearsonr"]),
        number("spearman", "Spearman correlation", "the same of their ranks", ["spearmanr"]),
        number(
            "mse", "mean squared error", "of numbers; lower is better", ["mean_squared_error"],
            isLowerBetter: true),
        number(
            "mae", "mean absolute error", "of numbers; lower is better", ["mean_absolute_error"],
            isLowerBetter: true),
        number("r2", "R²", "share of the numbers' variance that is explained", ["r2_score"]),
    ]

    /// A figure of `ValueJudge`.
    private static func number(
        _ name: String, _ title: String, _ doc: String, _ aliases: [String], isLowerBetter: Bool = false
    ) -> DecidingFigure {
        DecidingFigure(
            name, title, doc, aliases + ["eval_\(name)"], isLowerBetter: isLowerBetter, isShare: false,
            of: .numbers
        ) { result in result.metrics.figures.first { $0.name == name }?.value }
    }

    /// - `name`: nil, and what this program does not know, for the loss.
    package static func named(_ name: String?) -> DecidingFigure {
        all.first { $0.name == name } ?? loss
    }

    /// In a sentence, with the class that it is of where it is of one: `F1 of spam`.
    package func title(of labels: [String]) -> String {
        name == "f1" && labels.count == 2 ? "\(title) of \(ClassMatch.named(labels[1]))" : title
    }

    /// The class without which it is 0 whatever is answered, or cannot be counted, since the deciding texts have none of
    /// it; nil where it can rise.
    package func classesItLacks(in sets: [ValidationSet], of labels: [String]) -> String? {
        guard let set = sets.first, ["f1", "matthews", "auc"].contains(name) else { return nil }
        let there = Set(set.dataset[set.split].compactMap(\.label))
        let missing = labels.indices.filter { !there.contains($0) }
        let isZero = name == "f1" ? labels.count == 2 && missing.contains(1) : there.count < 2
        return isZero && !missing.isEmpty ? ClassMatch.listed(missing.map { labels[$0] }) : nil
    }

    /// Whether a value is better than another; what is no finite number is better than nothing.
    package func isBetter(_ value: Double, than other: Double, by gain: Double = 0) -> Bool {
        guard value.isFinite else { return false }
        guard other.isFinite else { return true }
        return (isLowerBetter ? other - value : value - other) > gain
    }
}
