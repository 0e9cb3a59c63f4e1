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
        let mcNemar = comparison.mcNemar
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
        return [
            "first": .string(comparison.first.name), "second": .string(comparison.second.name),
            "data": .string(comparison.first.result.data),
            "split": .string(comparison.first.result.split.rawValue), "n": .integer(count),
            "figures": .object(JSONObject(figures)),
            "mcnemar": [
                "only_first": .integer(mcNemar.onlyFirst), "only_second": .integer(mcNemar.onlySecond),
                "p_exact": .number(mcNemar.exact), "p_chi_square": .number(mcNemar.approximate),
            ],
        ]
    }

    func mimeBundle() -> MimeBundle { table.mimeBundle() }

    private var count: Int { comparison.first.result.texts.count }

    private var table: Table {
        let (first, second) = (comparison.first.name, comparison.second.name)
        var table = Table(
            columns: [
                "", Table.Column(first, key: "first", alignment: .trailing),
                Table.Column(second, key: "second", alignment: .trailing),
                Table.Column("difference", alignment: .trailing), Table.Column("p", alignment: .trailing),
            ],
            caption: "\(comparison.first.place): \(count.grouped) texts, \(first) and \(second)".onOneLine,
            notes: notes)
        for figure in comparison.figures {
            let cells = [figure.first, figure.second].map { Table.Cell.text(text(of: $0, figure)) }
            table.add(
                [.text(figure.title)] + cells
                    + [.text(difference(of: figure)), .text(Self.text(p: figure.p))])
        }
        return table
    }

    /// `84.0% (78.3–88.4)`
    private func text(of estimate: Comparison.Estimate, _ figure: Comparison.Figure) -> String {
        let (low, high) = (estimate.interval.lowerBound, estimate.interval.upperBound)
        guard figure.isShare else {
            let style = NumberStyle.significant(3)
            return "\(style.text(estimate.value)) (\(style.text(low))–\(style.text(high)))"
        }
        let points = NumberStyle.points(of: count)
        let share = NumberStyle.share(of: count).text(estimate.value)
        return "\(share) (\(points.text(low * 100))–\(points.text(high * 100)))"
    }

    /// `+3.5 (−0.4 to +7.2)`, of shares in points.
    private func difference(of figure: Comparison.Figure) -> String {
        let difference = figure.difference
        let style = figure.isShare ? NumberStyle.points(of: count) : NumberStyle.significant(3)
        func signed(_ value: Double) -> String {
            let text = style.text(abs(value) * (figure.isShare ? 100 : 1))
            guard text.contains(where: { ("1"..."9").contains($0) }) else { return text }
            return (value < 0 ? "−" : "+") + text
        }
        return
            "\(signed(difference.value)) (\(signed(difference.interval.lowerBound)) to \(signed(difference.interval.upperBound)))"
    }

    private static func text(p: Double) -> String {
        p < 0.001 ? "<0.001" : NumberStyle.fixed(3).text(p)
    }

    private var notes: [String] {
        let mcNemar = comparison.mcNemar
        let (first, second) = (comparison.first, comparison.second)
        let alone =
            "\(first.name) alone is right on \(mcNemar.onlyFirst.grouped) texts, \(second.name) alone on \(mcNemar.onlySecond.grouped)"
        return [
            "\(alone) · p of the accuracy: McNemar's, exact (by chi-square with continuity \(Self.text(p: mcNemar.approximate)))",
            "in brackets: 95%, of the accuracy Wilson's, of all else by drawing texts \(comparison.trials.grouped) times, the same for both; the other p too",
        ]
            + zip([first, second], [first.name, second.name]).flatMap { evaluation, name in
                evaluation.result.remarks.map { "\(name): \($0)" }
            }
    }
}
