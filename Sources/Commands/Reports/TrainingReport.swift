import Display
import JSON
import Training

/// What a finished `train` shows: a line for each epoch.
struct TrainingReport: Displayable {
    let run: TrainingRun
    let showsTimes: Bool

    func mimeBundle() -> MimeBundle { table.mimeBundle() }

    private var hasValidation: Bool { run.ownEpochs.contains { $0.validation != nil } }

    /// What the task is judged by before others: `accuracy`.
    private var figureName: String {
        run.ownEpochs.lazy.compactMap { $0.validation?.metrics.figures.first?.name }.first ?? ""
    }

    var table: Table {
        var columns: [Table.Column] = [
            .number("epoch", .ungrouped), .number("steps", .automatic), .number("training loss", .fixed(3)),
        ]
        if hasValidation {
            columns += [.number("validation loss", .fixed(3)), .number(figureName, .fixed(3))]
        }
        if showsTimes { columns.append(.number("time", .seconds)) }
        var table = Table(columns: columns, caption: "Trained \(run.method) on \(run.data)")
        for epoch in run.ownEpochs {
            var row: [Table.Cell] = [.integer(epoch.epoch), .integer(epoch.steps), .number(epoch.trainLoss)]
            if hasValidation {
                row +=
                    epoch.validation.map { result in
                        [
                            .number(result.loss),
                            result.metrics.figures.first.map { .number($0.value) } ?? .empty,
                        ]
                    } ?? [.empty, .empty]
            }
            if showsTimes { row.append(.number(epoch.seconds)) }
            table.add(row)
        }
        if showsTimes, run.seconds > 0 {
            let rate = NumberStyle.fixed(0).text(Double(run.tokens) / run.seconds)
            table.notes += ["\(NumberStyle.automatic.text(Double(run.tokens))) tokens, \(rate) a second"]
        }
        if let last = run.ownEpochs.last, let validation = last.validation {
            table.notes += validation.remarks.map { "validation: \($0)" }
            if let triviality = validation.triviality {
                table.notes.append("validation after epoch \(last.epoch): \(triviality)")
            }
        }
        return table
    }

    var value: JSON {
        let epochs = run.ownEpochs.map { epoch -> JSON in
            var object: JSONObject = [
                "epoch": .integer(epoch.epoch), "steps": .integer(epoch.steps),
                "loss": .number(epoch.trainLoss), "seconds": .number(epoch.seconds),
            ]
            if let validation = epoch.validation { object["validation"] = .object(validation.json) }
            return .object(object)
        }
        return [
            "run": .string(run.name), "method": .string(run.method), "data": .string(run.data),
            "steps": .integer(run.ownSteps.count),
            "loss": .number(run.finalLoss), "tokens": .integer(run.tokens), "seconds": .number(run.seconds),
            "tokens_per_second": .number(run.seconds > 0 ? Double(run.tokens) / run.seconds : 0),
            "states": [
                "written": .integer(run.states.written), "bytes": .integer(run.states.bytes),
                "seconds": .number(run.states.seconds),
            ],
            "epochs": .array(epochs), "losses": .array(run.ownSteps.map { .number($0.loss) }),
        ]
    }
}
