import Diagnostics
import Display
import Training

/// What is said of how a run ended and of which validation was its best.
struct RunOutcomeWords {
    let run: TrainingRun
    let figure: DecidingFigure

    init(_ run: TrainingRun) {
        self.run = run
        figure = DecidingFigure.named(run.best?.figure)
    }

    /// `epoch 1.5`, `epoch 2`, `before the first step`
    private func place(of best: BestRecord) -> String {
        best.steps == 0 ? "before the first step" : "epoch \(Self.text(epoch: best.epoch))"
    }

    /// `loss 0.412`, `accuracy 84.0%`
    static func text(_ best: BestRecord) -> String {
        let figure = DecidingFigure.named(best.figure)
        return "\(figure.title) \(figure.style.text(best.value))"
    }

    /// Passes over the examples: `2`, `1.33`.
    static func text(epoch: Double) -> String { NumberStyle.ungrouped.text(Passes.rounded(epoch)) }

    /// Why it was over before its last step: `ended by patience`.
    static func text(_ ending: RunEnding) -> String {
        switch ending {
        case .patience: "ended by patience"
        case .time(let minutes): "ended after \(NumberStyle.seconds.text(60 * minutes))"
        case .diverged: "ended where losses or scores were no numbers"
        }
    }

    /// `81% on validation, epoch 2 had the lowest loss`
    func headline() -> String {
        guard let last = run.lineInUse, let validation = last.validation else { return "" }
        let texts = validation.data == run.data ? validation.split.rawValue : validation.data
        let text = "\(validation.namedFigureText) on \(texts)"
        guard let best = run.best, run.lines.count(where: { $0.validation != nil }) > 1 else { return text }
        if run.usesBest {
            return best.steps == 0
                ? "\(text), the weights from before the first step were the best"
                : "\(text), the best weights, of \(place(of: best))"
        }
        guard best.steps != last.steps else { return text }
        let isBest = figure.isLowerBetter ? "lowest" : "best"
        return best.steps == 0
            ? "\(text), the \(figure.title) was \(isBest) before the first step"
            : "\(text), \(place(of: best)) had the \(isBest) \(figure.title)"
    }

    /// `the weights of the best validation are in use, loss 0.412 at step 84`
    var kept: String {
        guard let best = run.best, run.usesBest else {
            return "the weights of the last whole step, \(run.steps.count.grouped), are in use"
        }
        return
            "the weights of the best validation are in use, \(Self.text(best)) at step \(best.steps.grouped)"
    }

    /// Of a session that a run has left as it was: `the weights in use are those of run-1 at step 16, as before`
    ///
    /// nil where there is no model.
    static func asBefore(_ engine: EngineState) -> String? {
        guard engine.model != nil else { return nil }
        guard let run = engine.run, engine.kept != nil else {
            return engine.isHeadTrained || engine.method?.origin.folder != nil
                ? "the weights in use are those from before it"
                : "the weights in use are untrained, as before"
        }
        return "the weights in use are those of \(run.name) at step \(run.stepsInUse.grouped), as before"
    }

    /// Why it was over before its last step, and what there is to write about the best and the last.
    var notes: [PanelNote] {
        var notes: [PanelNote] = []
        switch run.ending {
        case .patience(let count):
            notes.append(
                PanelNote(
                    "ended early: \(count) \(count == 1 ? "validation" : "validations in a row") without a better \(figure.title)"
                ))
        case .time(let minutes):
            let text = NumberStyle.automatic.text(minutes)
            notes.append(
                PanelNote("ended early: \(text) \(minutes == 1 ? "minute has" : "minutes have") passed"))
        case .diverged(let steps):
            notes.append(
                PanelNote(
                    "ended after step \(steps.grouped): losses or scores after it were no numbers",
                    isWarning: true))
        case nil: break
        }
        guard let best = run.best, run.usesBest else { return notes }
        notes.append(
            PanelNote([
                .text(
                    "the weights are those of the best validation, \(Self.text(best)) at step \(best.steps.grouped); "
                ),
                .code("use last"), .text(" brings back those of step \(run.steps.count.grouped)"),
            ]))
        return notes
    }
}

extension DecidingFigure {
    var style: NumberStyle { isShare ? .percent(1) : domain == .texts ? .significant(4) : .loss }
}
