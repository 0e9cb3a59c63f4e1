import Display
import JSON
import Training

/// Evaluations of written texts, or of preferences, figure by figure beside each other: of such no test of their difference
/// is made.
struct FiguresBesideReport: Displayable {
    private let evaluations: [NamedEvaluation]

    init(_ evaluations: [NamedEvaluation]) { self.evaluations = evaluations }

    var value: JSON {
        .array(
            evaluations.map { evaluation in
                var value = evaluation.result.json
                value["name"] = .string(evaluation.name)
                return .object(value)
            })
    }

    func mimeBundle() -> MimeBundle { table.mimeBundle() }

    private var table: Table {
        var table = Table(
            columns: [
                "", Table.Column("of", widthLimit: 30), Table.Column("value", alignment: .trailing),
                Table.Column("95%", key: "interval", alignment: .trailing),
            ],
            caption: evaluations.first?.place.onOneLine,
            notes: ["95%: of each alone; a difference of texts is not tested"])
        let figures = evaluations.first?.result.metrics.figures ?? []
        for figure in figures {
            for (index, evaluation) in evaluations.enumerated() {
                guard
                    let own = evaluation.result.metrics.figures.first(where: { $0.name == figure.name })
                else { continue }
                table.add([
                    .text(index == 0 ? own.title : ""), .text(evaluation.name),
                    .styled(own.value, own.style), .text(own.intervalText ?? ""),
                ])
            }
        }
        for (index, evaluation) in evaluations.enumerated() {
            table.add([
                .text(index == 0 ? "loss" : ""), .text(evaluation.name),
                .styled(evaluation.result.loss, .loss), "",
            ])
        }
        return table
    }
}
