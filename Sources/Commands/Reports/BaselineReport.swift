import Display
import JSON
import Training

/// Baselines in one table, the last evaluation on the same texts beneath them.
struct BaselineReport: Displayable {
    private let baseline: TextBaseline
    private let last: EvaluationResult?
    private let name: String
    private let showsTimes: Bool

    /// - `last`: of the same texts; nil where there is none.
    /// - `name`: what was evaluated.
    init(_ baseline: TextBaseline, last: EvaluationResult?, called name: String, showsTimes: Bool) {
        (self.baseline, self.last, self.name, self.showsTimes) = (baseline, last, name, showsTimes)
    }

    private static let linearName = "TF-IDF, logistic regression"

    var value: JSON {
        var value: JSONObject = [
            "commonest": .object(baseline.commonest.json),
            "tfidf": .object(baseline.linear.json), "terms": .integer(baseline.terms),
            "steps": .integer(baseline.steps), "converged": .bool(baseline.isConverged),
            "trained_on": .integer(baseline.learned),
        ]
        value["model"] = last.map { .object($0.json) }
        return .object(value)
    }

    func mimeBundle() -> MimeBundle { table.mimeBundle() }

    private var table: Table {
        let linear = baseline.linear
        let style = NumberStyle.share(of: linear.metrics.count)
        var table = Table(
            columns: [
                Table.Column("", key: "name", widthLimit: 44), .number("accuracy", style),
                .number("95%", .automatic), .number("macro F1", style), .number("AUC", .fixed(3)),
                .number("loss", .significant(3)),
            ],
            caption: "\(linear.data), \(linear.split.rawValue): \(linear.metrics.count.grouped) texts"
                .onOneLine,
            notes: notes)
        table.add(row("commonest class", baseline.commonest))
        table.add(row(Self.linearName, linear))
        if let last { table.add(row(name, last)) }
        return table
    }

    private func row(_ name: String, _ result: EvaluationResult) -> [Table.Cell] {
        [
            .text(name), .number(result.matrix.accuracy), .text(result.intervalText ?? ""),
            .number(result.matrix.macroF1),
            result.metrics.probabilities?.auc.map(Table.Cell.number) ?? .absent, .number(result.loss),
        ]
    }

    private var notes: [String] {
        var facts = [
            "learned from \(baseline.learned.grouped) training texts alone",
            "\(baseline.terms.grouped) terms", "\(baseline.steps.grouped) steps",
        ]
        if showsTimes { facts.append(NumberStyle.seconds.text(baseline.linear.seconds)) }
        var notes = [facts.joined(separator: " · ")]
        if !baseline.isConverged {
            notes.append("the regression has not converged: its figures may still change")
        }
        if let last {
            notes += last.remarks.map { "\(name): \($0)" }
        } else {
            notes.append("evaluate before baseline puts the model into this table")
        }
        return notes
    }
}
