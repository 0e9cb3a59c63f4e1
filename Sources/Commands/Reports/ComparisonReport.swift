import Datasets
import Diagnostics
import Display
import JSON
import Training

/// Two evaluations beside each other, and what lies between them.
struct ComparisonReport: Displayable {
    private let comparison: Comparison

    init(_ comparison: Comparison) { self.comparison = comparison }

    /// Each with the first; all but the last are shown at once.
    static func display(_ evaluations: [NamedEvaluation], in context: Context) throws -> any Displayable {
        let isOfTexts = evaluations.allSatisfy {
            $0.result.metrics.matrix == nil && $0.result.values.isEmpty
        }
        if isOfTexts, Set(evaluations.map(\.texts)).count == 1 { return FiguresBesideReport(evaluations) }
        let reports = try evaluations.dropFirst().map { other in
            ComparisonReport(
                try Comparison(
                    evaluations[0], other, seed: UInt64(context.state.settings.seed),
                    interruption: context.interruption))
        }
        for report in reports.dropLast() { context.display(report) }
        let last = reports[reports.count - 1]
        return reports.count == 1 ? last : Valued(last, value: .array(reports.map(\.value)))
    }

    var value: JSON {
        let figures = comparison.figures.map { figure -> (String, JSON) in
            func estimate(_ estimate: Comparison.Estimate) -> JSON {
                [
                    "value": .number(estimate.value),
                    "interval": [
                        .number(estimate.interval.lowerBound), .number(estimate.interval.upperBound),
                    ],
                ]
            }
            return (
                figure.name,
                [
                    "first": estimate(figure.first), "second": estimate(figure.second),
                    "difference": estimate(figure.difference), "p": .number(figure.p),
                ]
            )
        }
        var value: JSONObject = [
            "first": .string(comparison.first.name), "second": .string(comparison.second.name),
            "data": .string(comparison.first.result.data),
            "split": .string(comparison.first.result.split.rawValue), "n": .integer(count),
            "figures": .object(JSONObject(figures)),
        ]
        value["mcnemar"] = comparison.mcNemar.map { mcNemar in
            [
                "only_first": .integer(mcNemar.onlyFirst), "only_second": .integer(mcNemar.onlySecond),
                "p_exact": .number(mcNemar.exact), "p_chi_square": .number(mcNemar.approximate),
            ]
        }
        return .object(value)
    }

    func mimeBundle() -> MimeBundle { table.mimeBundle() }

    private var count: Int { comparison.count }

    /// Three rows a figure: either's, and what lies between them.
    private var table: Table {
        let names = [comparison.first.name, comparison.second.name]
        var table = Table(
            columns: [
                "", Table.Column("of", widthLimit: 30), Table.Column("value", alignment: .trailing),
                Table.Column("95%", key: "interval", alignment: .trailing),
                Table.Column("p", alignment: .trailing),
            ],
            caption: "\(comparison.first.place): \(count.grouped) texts, \(names[0]) and \(names[1])"
                .onOneLine,
            notes: notes)
        for figure in comparison.figures {
            for (name, estimate) in zip(names, [figure.first, figure.second]) {
                let title = name == names[0] ? figure.title : ""
                let (value, interval) = text(of: estimate, figure)
                table.add([.text(title), .text(name), .text(value), .text(interval), ""])
            }
            let (value, interval) = difference(of: figure)
            table.add(["", "difference", .text(value), .text(interval), .text(Self.text(p: figure.p))])
        }
        return table
    }

    /// `84.0%` and `78.3–88.4`.
    private func text(
        of estimate: Comparison.Estimate, _ figure: Comparison.Figure
    ) -> (value: String, interval: String) {
        let style = figure.isShare ? NumberStyle.share(of: count) : .significant(3)
        let bare = figure.isShare ? NumberStyle.points(of: count) : .significant(3)
        let (low, high) = (estimate.interval.lowerBound, estimate.interval.upperBound)
        let factor = figure.isShare ? 100.0 : 1
        return (style.text(estimate.value), "\(bare.text(low * factor))–\(bare.text(high * factor))")
    }

    /// `+3.5` and `−0.4 to +7.2`, of shares in points.
    private func difference(of figure: Comparison.Figure) -> (value: String, interval: String) {
        let style = figure.isShare ? NumberStyle.points(of: count) : NumberStyle.significant(3)
        func signed(_ value: Double) -> String {
            let text = style.text(abs(value) * (figure.isShare ? 100 : 1))
            guard text.contains(where: { ("1"..."9").contains($0) }) else { return text }
            return (value < 0 ? "−" : "+") + text
        }
        let interval = figure.difference.interval
        return (
            signed(figure.difference.value),
            "\(signed(interval.lowerBound)) to \(signed(interval.upperBound))"
        )
    }

    private static func text(p: Double) -> String {
        p < 0.001 ? "<0.001" : NumberStyle.fixed(3).text(p)
    }

    private var notes: [String] {
        let (first, second) = (comparison.first, comparison.second)
        let drawing = "by drawing texts \(comparison.trials.grouped) times, the same for both"
        let remarks = [first, second].flatMap(Self.remarks)
        guard let mcNemar = comparison.mcNemar else { return ["95% and p: \(drawing)"] + remarks }
        let alone =
            "\(first.name) alone is right on \(counted(mcNemar.onlyFirst, "text")), \(second.name) alone on \(mcNemar.onlySecond.grouped)"
        return [
            "\(alone) · p of the accuracy: McNemar's, exact (by chi-square with continuity \(Self.text(p: mcNemar.approximate)))",
            "95%: of the accuracy Wilson's, of all else \(drawing); the other p too",
        ] + remarks
    }

    private static func remarks(_ evaluation: NamedEvaluation) -> [String] {
        let untrained =
            evaluation.result.values.isEmpty ? EvaluationReport.untrained : EvaluationReport.untrainedNumber
        let remarks = evaluation.result.remarks + (evaluation.isUntrained ? [untrained] : [])
        return remarks.map { "\(evaluation.name): \($0)" }
    }
}
