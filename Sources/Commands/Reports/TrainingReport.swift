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

    /// A terminal has room for less.
    func mimeBundle() -> MimeBundle {
        let wide = table(isNarrow: false).mimeBundle()
        var bundle = table(isNarrow: true).mimeBundle()
        for type in [MimeType.html, MimeType.markdown, MimeType.latex] { bundle.data[type] = wide.data[type] }
        return bundle
    }

    private func table(isNarrow: Bool) -> Table {
        var table = EpochTable(of: run, showsTimes: showsTimes)
            .table(caption: "Trained \(run.method) on \(run.data)", isNarrow: isNarrow)
        if showsTimes, run.seconds > 0 {
            let rate = NumberStyle.fixed(0).text(Double(run.tokens) / run.seconds)
            table.notes += ["\(NumberStyle.automatic.text(Double(run.tokens))) tokens, \(rate) a second"]
        }
        table.notes += remarks
        return table
    }

    var remarks: [String] { [losses].compactMap(\.self) + cautions }

    /// Which losses are shown, where they are two.
    var losses: String? {
        run.loss.map { loss in
            let judged =
                (run.lineInUse ?? run.ownLines.last)?.validation == nil
                ? "" : "; validation loss: -log p(true class)"
            return "train loss: \(loss)\(judged)"
        }
    }

    /// What keeps the last validation figures from meaning what they seem to.
    var cautions: [String] {
        guard let last = run.lineInUse ?? run.ownLines.last, let validation = last.validation else {
            return []
        }
        let place = "validation after epoch \(RunOutcomeWords.text(epoch: last.epoch))"
        let triviality = validation.triviality.map { "\(place): \($0)" }
        let own = stuck(last).map { "validation \($0)" } ?? triviality
        let others = last.others.flatMap { other in other.result.remarks.map { "\(other.name): \($0)" } }
        return validation.remarks.map { "validation: \($0)" } + others + [own].compactMap(\.self)
    }

    private func stuck(_ line: RunLine) -> String? {
        line.validation.flatMap { advice?.remark(after: line.epoch, steps: line.steps, $0) }
    }

    /// `steps` are the run's own, `loss` is the smoothed one after its last step, whichever weights stayed; as expressions
    /// both are of the weights in use, see `SessionState.metrics`.
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
            "epochs": .array(run.ownEpochs.map { row($0) }),
            "losses": .array(run.ownSteps.map { .number($0.loss) }),
            "learning_rates": .array(run.ownSteps.map { .number(Double("\($0.lr)") ?? Double($0.lr)) }),
            "gradient_norms": .array(run.ownSteps.map { .number($0.gradientNorm) }),
        ]
        value["criterion"] = run.loss.map { .string($0) }
        if let expected { value["expected"] = expected.value }
        if let untuned = run.untuned?.validation, run.start.steps == 0 {
            value["untuned"] = .object(untuned.json)
        }
        let within = run.validations.filter { $0.steps > run.start.steps }
        if !within.isEmpty { value["validations"] = .array(within.map { row($0) }) }
        value["best"] = run.best.map(Self.best)
        if run.best != nil { value["weights"] = .string(run.usesBest ? "best" : "last") }
        value["ended"] = run.ending.map { .string($0.name) }
        value["clipped"] = run.clippedShare.map { .number($0) }
        let said = warnings + remarks
        if !said.isEmpty { value["remarks"] = .array(said.map(JSON.string)) }
        return .object(value)
    }

    static func best(_ best: BestRecord) -> JSON {
        [
            "epoch": .number(best.epoch), "step": .integer(best.steps), "metric": .string(best.figure),
            "value": .number(best.value),
        ]
    }

    /// The lines of its table: the untuned model and earlier runs over the same weights among them.
    var rows: [JSON] {
        let best = EpochTable(of: run, showsTimes: showsTimes).best
        return run.lines.enumerated().map { row($1, isBest: $0 == best) }
    }

    private func row(_ line: RunLine, isBest: Bool = false) -> JSON {
        let isWhole = line.epoch == line.epoch.rounded()
        var object: JSONObject = [
            "epoch": isWhole ? .integer(Int(line.epoch)) : .number(line.epoch),
            "steps": .integer(line.steps), "loss": line.trainLoss.map { .number($0) } ?? .null,
            "seconds": .number(line.seconds),
        ]
        if let validation = line.validation { object["validation"] = .object(validation.json) }
        if !line.others.isEmpty {
            object["others"] = .object(
                JSONObject(line.others.map { ($0.name, .object($0.result.json)) }))
        }
        if !line.samples.isEmpty { object["samples"] = .array(line.samples.map(\.json)) }
        if isBest { object["best"] = true }
        if let stuck = stuck(line) { object["remark"] = .string(stuck) }
        return .object(object)
    }
}
