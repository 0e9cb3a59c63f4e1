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
    static func text(epoch: Double) -> String {
        NumberStyle.ungrouped.text(rounded(epoch: epoch))
    }

    static func rounded(epoch: Double) -> Double { (100 * epoch).rounded() / 100 }

    /// `81% on validation, epoch 2 had the lowest loss`
    func headline() -> String {
        guard let last = run.lineInUse, let validation = last.validation else { return "" }
        let texts = validation.data == run.data ? validation.split.rawValue : validation.data
        let text = "\(validation.figureText) on \(texts)"
        guard let best = run.best, run.lines.count(where: { $0.validation != nil }) > 1 else { return text }
        if run.usesBest {
            return best.steps == 0
                ? "\(text), the weights from before the first step were the best"
                : "\(text), the best weights, of \(place(of: best))"
        }
        guard best.steps != last.steps else { return text }
        let isBest = figure.isLowerBetter ? "lowest" : "best"
        return best.steps == 0
            ? "\(text), the \(figure.title) was \(isBest) before it"
            : "\(text), \(place(of: best)) had the \(isBest) \(figure.title)"
    }

    /// `the weights of the best validation stay, loss 0.412 at step 84`
    var kept: String {
        guard let best = run.best, run.usesBest else { return "the last weights stay" }
        return "the weights of the best validation stay, \(Self.text(best)) at step \(best.steps)"
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
            notes.append(PanelNote("ended after step \(steps): the next had no loss", isWarning: true))
        case nil: break
        }
        guard let best = run.best, run.usesBest else { return notes }
        notes.append(
            PanelNote([
                .text(
                    "the weights are those of the best validation, \(Self.text(best)) at step \(best.steps); "
                ),
                .code("use last"), .text(" brings back those of step \(run.steps.count)"),
            ]))
        return notes
    }
}

extension DecidingFigure {
    var style: NumberStyle { isShare ? .percent(1) : .loss }
}
