import Display
import JSON
import Training

/// An evaluation as a table of figures.
struct EvaluationReport: Displayable {
    static let untrained = "the classifier has not been trained: this is chance"

    let result: EvaluationResult
    /// Whether the head never learned anything.
    let isUntrained: Bool
    let showsTimes: Bool

    func mimeBundle() -> MimeBundle { table.mimeBundle() }
    var value: JSON { .object(result.json) }

    private var table: Table {
        guard let matrix = result.metrics.matrix else { return plainTable }
        let interval = matrix.accuracyInterval
        let of = result.isBinary ? " of \(matrix.labels[1])" : ", mean of classes"
        var table = Table(
            columns: ["", Table.Column("value", alignment: .trailing, style: .fixed(3))],
            rows: [
                [
                    "accuracy",
                    .estimate(matrix.accuracy, low: interval.lowerBound, high: interval.upperBound),
                ],
                ["majority baseline", .number(matrix.majorityBaseline)],
                ["balanced accuracy", .number(matrix.balancedAccuracy)],
                [.text("precision\(of)"), .number(result.precision)],
                [.text("recall\(of)"), .number(result.recall)], [.text("F1\(of)"), .number(result.f1)],
                ["loss", .number(result.loss)], ["examples", .styled(Double(matrix.total), .automatic)],
            ], caption: result.title,
            notes: ["in brackets the 95% interval (Wilson); the baseline always names the commonest class"])
        table.notes += result.remarks
        if isUntrained {
            table.notes.append(Self.untrained)
        } else if let triviality = result.triviality {
            table.notes.append(triviality)
        }
        if showsTimes, result.seconds > 0 {
            let rate = NumberStyle.fixed(0).text(Double(result.tokens) / result.seconds)
            table.notes.append("\(rate) tokens a second")
        }
        return table
    }

    /// For answers that are no classes.
    private var plainTable: Table {
        var table = Table(
            columns: ["", Table.Column("value", alignment: .trailing, style: .fixed(3))],
            rows: result.metrics.figures.map { figure -> [Table.Cell] in
                [.text(figure.name), .number(figure.value)]
            }, caption: result.title,
            notes: result.remarks)
        table.add(["examples", .styled(Double(result.metrics.count), .automatic)])
        return table
    }
}
