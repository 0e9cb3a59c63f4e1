import Display

extension SessionTable {
    static let epochs = SessionTable(name: "epochs", summary: "losses of the last run by epoch") {
        engine, showsTimes in
        TrainingReport(run: try engine.requiredRun(to: "show"), showsTimes: showsTimes)
    }

    static let steps = SessionTable(name: "steps", summary: "loss, rate and gradient of the last run by step")
    {
        engine, _ in
        let run = try engine.requiredRun(to: "show")
        let stride = max(1, run.steps.count / 40)
        var table = Table(
            columns: [
                .number("step", .ungrouped), .number("loss", .significant(3)), .number("lr", .significant(3)),
                .number("gradient norm", .significant(3)),
            ], caption: "\(run.method) on \(run.data)",
            notes: stride > 1
                ? ["one of every \(stride) of \(NumberStyle.automatic.text(Double(run.steps.count))) steps"]
                : [])
        for index in Swift.stride(from: 0, to: run.steps.count, by: stride) {
            let step = run.steps[index]
            table.add([
                .integer(step.step), .number(step.loss), .number(Double(step.lr)), .number(step.gradientNorm),
            ])
        }
        return table
    }
}
