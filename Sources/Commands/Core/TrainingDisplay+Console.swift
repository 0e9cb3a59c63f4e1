import Display
import Training

/// What a run says in a console, where nothing is updated in place: lines at wider and wider intervals.
extension TrainingDisplay {
    func tell(stepAt now: Double) {
        guard showsTimes, !output.updatesInPlace, told.steps.isDue(at: now) else { return }
        let loss = curve.last.map { "  loss \(NumberStyle.loss.text($0.loss))" } ?? ""
        output.note("step \(stepOf)\(loss)  \(timeLeft)")
    }

    func tell(_ line: EpochTable.Line?, at now: Double) {
        guard showsTimes, !output.updatesInPlace, let line, told.epochs.isDue(at: now) else { return }
        var text =
            line.epoch == 0 ? line.remark : "epoch \(line.epochText) of \(epochs.last?.number ?? 1)"
        if let loss = line.trainLoss { text += "  train loss \(NumberStyle.loss.text(loss))" }
        if let validation = line.validation {
            text += "  validation loss \(NumberStyle.loss.text(validation.loss))"
            if let figure = validation.metrics.figures.first {
                text += "  \(figure.name) \(validation.figureText)"
            }
            if let interval = validation.intervalText { text += " (\(interval))" }
        }
        for other in line.others {
            text += "  \(other.name) \(NumberStyle.loss.text(other.result.loss)) \(other.result.figureText)"
        }
        output.note(text + (line.seconds.map { "  \(NumberStyle.seconds.text($0))" } ?? ""))
        if let stuck = advice.remark(line) { output.note("! \(stuck)") }
    }
}
