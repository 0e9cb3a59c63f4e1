import Display
import JSON
import Training

/// What a run has come to: a line for each epoch, and all of it as plain data.
struct TrainingReport: Displayable, Tabular {
    let run: TrainingRun
    let showsTimes: Bool
    /// What to try where everything is put into one class; nil once the run is only looked at.
    var advice: StuckAdvice?
    /// What its plan said must be heeded.
    var warnings: [String] = []
    /// What its plan said.
    var expected: Expectation?

    func mimeBundle() -> MimeBundle { table.mimeBundle() }

    private var table: Table {
        var table = EpochTable(of: run, showsTimes: showsTimes)
            .table(caption: "Trained \(run.method) on \(run.data)")
        if showsTimes, run.seconds > 0 {
            let rate = NumberStyle.fixed(0).text(Double(run.tokens) / run.seconds)
            table.notes += ["\(NumberStyle.automatic.text(Double(run.tokens))) tokens, \(rate) a second"]
        }
        table.notes += remarks
        return table
    }

    /// Which losses are shown, where they are two, and what keeps the last validation figures from meaning what they
    /// seem to.
    var remarks: [String] {
        guard let last = run.ownEpochs.last, let validation = last.validation else {
            return [run.loss.map { "train loss: \($0)" }].compactMap(\.self)
        }
        let losses = run.loss.map { "train loss: \($0); validation loss: -log p(true class)" }
        let triviality = validation.triviality.map { "validation after epoch \(last.epoch): \($0)" }
        let own = stuck(last).map { "validation \($0)" } ?? triviality
        return [losses].compactMap(\.self) + validation.remarks.map { "validation: \($0)" }
            + [own].compactMap(\.self)
    }

    private func stuck(_ epoch: EpochRecord) -> String? {
        epoch.validation.flatMap { advice?.remark(after: epoch.epoch, steps: epoch.steps, $0) }
    }

    var value: JSON {
        var value: JSONObject = [
            "run": .string(run.name), "method": .string(run.method), "data": .string(run.data),
            "steps": .integer(run.ownSteps.count),
            "loss": .number(run.smoothedLoss), "tokens": .integer(run.tokens),
            "seconds": .number(run.seconds),
            "tokens_per_second": .number(run.seconds > 0 ? Double(run.tokens) / run.seconds : 0),
            "states": [
                "written": .integer(run.states.written), "bytes": .integer(run.states.bytes),
                "seconds": .number(run.states.seconds),
            ],
            "epochs": .array(run.ownEpochs.map(row)),
            "losses": .array(run.ownSteps.map { .number($0.loss) }),
        ]
        value["criterion"] = run.loss.map { .string($0) }
        if let expected { value["expected"] = expected.value }
        if let untuned = run.untuned, run.start.steps == 0 {
            value["untuned"] = .object(untuned.validation.json)
        }
        let said = warnings + remarks
        if !said.isEmpty { value["remarks"] = .array(said.map(JSON.string)) }
        return .object(value)
    }

    /// The lines of its table: the untuned model and earlier runs over the same weights among them.
    var rows: [JSON] {
        let untuned = run.untuned.map { record -> JSON in
            [
                "epoch": 0, "steps": 0, "loss": .null, "seconds": .number(record.seconds),
                "validation": .object(record.validation.json),
            ]
        }
        return [untuned].compactMap(\.self) + run.epochs.map(row)
    }

    private func row(_ epoch: EpochRecord) -> JSON {
        var object: JSONObject = [
            "epoch": .integer(epoch.epoch), "steps": .integer(epoch.steps),
            "loss": .number(epoch.trainLoss), "seconds": .number(epoch.seconds),
        ]
        if let validation = epoch.validation { object["validation"] = .object(validation.json) }
        if let stuck = stuck(epoch) { object["remark"] = .string(stuck) }
        return .object(object)
    }
}
