import Compute
import Diagnostics
import Display
import JSON
import Training

/// A run before a person's eyes: one panel that is updated in place, lines of text in a console.
///
/// Updates come at most ten times a second, and in long runs every half second. Where times are switched off only the
/// final state is shown: how often a display was updated would be a matter of time too.
///
/// Used from one thread at a time.
final class TrainingDisplay: @unchecked Sendable {
    private let run: Run
    let output: any Output
    private let surroundings: Surroundings
    let showsTimes: Bool
    private let workers: Int
    private let id: String
    private let began: Double
    /// What the plan said of the time.
    private let expected: TimeEstimate
    private let hasValidation: Bool
    let advice: StuckAdvice
    let epochs: [PanelChart.Epoch]
    private(set) var curve: LossCurve
    private var lines: [EpochTable.Line]
    private var left: TimeLeft
    /// When the last thing had happened.
    private var last: Double
    private var shown = -Double.infinity
    var told = (steps: WideningInterval(), epochs: WideningInterval())
    /// How far a judgement is.
    private var judging: (done: Int, total: Int)?

    /// - `expected`: how long the run is thought to take.
    init(
        _ run: Run, expected: TimeEstimate, hasValidation: Bool, advice: StuckAdvice, in context: Context
    ) {
        let (trainer, earlier) = (run.trainer, run.earlier)
        (self.run, self.expected, self.hasValidation) = (run, expected, hasValidation)
        self.advice = advice
        (output, surroundings, workers) = (context.output, context.surroundings, context.workers.count)
        showsTimes = context.state.settings.showsTimes
        id = "lorikeet-" + context.surroundings.freshName()
        began = context.surroundings.now()
        last = began
        epochs = PanelChart.Epoch.planned(of: run)
        curve = LossCurve(planned: trainer.start.steps + trainer.totalSteps)
        for step in earlier.steps + trainer.history { curve.append(step: step.step, loss: step.loss) }
        lines = RunLine.all(
            run.untuned, earlier.epochs + run.epochs, earlier.validations + run.validations
        ).map(EpochTable.Line.init)
        left = TimeLeft(stepsPerEpoch: trainer.stepsPerEpoch, judgement: expected.judging.each)
    }

    private var trainer: Trainer { run.trainer }

    // MARK: - While it runs

    /// Shows that it has begun.
    func begin() {
        if trainer.step == 0, run.untuned == nil, hasValidation { judging = (0, 0) }
        if showsTimes, output.updatesInPlace { show(at: surroundings.now()) }
    }

    /// Takes note of what has happened, and shows it when the last time was long enough ago.
    func note(_ event: RunEvent) {
        let now = surroundings.now()
        defer { last = now }
        switch event {
        case .step(let progress):
            judging = nil
            left.addStep(seconds: now - last)
            curve.append(step: trainer.start.steps + progress.step, loss: progress.loss)
            tell(stepAt: now)
        case .untuned(let line), .epoch(let line), .validation(let line): note(line, at: now)
        case .state, .unwritten, .finished: return
        }
        showIfDue(at: now)
    }

    private func note(_ line: RunLine, at now: Double) {
        (judging, lines) = (nil, lines + [EpochTable.Line(line)])
        if line.validation != nil { left.addJudgement(seconds: now - last) }
        tell(lines.last, at: now)
    }

    /// Takes note of how far a judgement is.
    func note(judged done: Int, of total: Int) {
        judging = (done, total)
        showIfDue(at: surroundings.now())
    }

    private func showIfDue(at now: Double) {
        let interval = min(0.5, max(0.1, (now - began) / 100))
        guard showsTimes, output.updatesInPlace, now - shown >= interval else { return }
        show(at: now)
    }

    private func show(at now: Double) {
        put(panel(.running, headline: percent, detail: timeLeft, at: now))
        shown = now
    }

    private func put(_ panel: Panel) {
        var bundle = panel.mimeBundle()
        if panel.state == .running {
            bundle = bundle.telling(ProgressData(verb: "train", share: share, secondsLeft: secondsLeft))
        }
        if shown == -.infinity {
            output.display(bundle, id: id)
        } else {
            output.update(bundle, id: id)
        }
    }

    // MARK: - Its end

    /// Leaves the final state.
    ///
    /// - `report`: all that the run has come to.
    /// - Returns: what is left to be shown, in a console all of it.
    func finish(
        _ state: ProgressView.State, detail: String, notes: [PanelNote] = [], report: TrainingReport
    ) -> Panel {
        let now = surroundings.now()
        judging = nil
        let done = run.ending == nil ? "Done" : "Ended early"
        var panel = panel(state, headline: state == .finished ? done : percent, detail: detail, at: now)
        panel.notes = notes
        panel.remarks =
            (report.losses.map { [PanelNote($0)] } ?? [])
            + report.cautions.map { PanelNote($0, isWarning: true) }
        let table = table(isOver: true)
        if !table.lines.isEmpty {
            panel.tables = (table.table(mark: "◀ best", isNarrow: true), table.table())
        }
        panel.value = report.value
        panel.isShown = output.updatesInPlace
        if output.updatesInPlace {
            put(panel)
        } else if state == .stopped {
            for note in notes { output.note(note.plain) }
        }
        return panel
    }

    /// `stopped by you after 35 s`
    var stopped: String {
        showsTimes
            ? "stopped by you after \(NumberStyle.seconds.text(surroundings.now() - began))"
            : "stopped by you"
    }

    // MARK: - Its parts

    private func panel(_ state: ProgressView.State, headline: String, detail: String, at now: Double) -> Panel
    {
        let marks = epochs.filter { $0.first >= trainer.start.steps }.map { epoch in
            Double(epoch.last - trainer.start.steps) / Double(max(1, trainer.totalSteps))
        }
        var panel = Panel(
            state: state, bar: ProgressBar(share: share, marks: marks, state: state),
            line: FactsLine(headline: headline, detail: detail, facts: facts(state, at: now)))
        let table = table(isOver: state != .running)
        if !table.lines.isEmpty { panel.table = table.panel }
        if let stuck = lines.last.flatMap(advice.remark) {
            panel.remarks = [PanelNote(stuck, isWarning: true)]
        }
        // An earlier run's may be answers to other texts.
        let begins = trainer.start.steps
        panel.folded = SamplesTable(table.lines.filter { begins == 0 || $0.steps > begins })?.tables ?? []
        panel.chart = PanelChart(
            total: trainer.start.steps + trainer.totalSteps, beginning: trainer.start.steps, epochs: epochs,
            curve: curve,
            validation: table.lines.compactMap { line in
                line.validation.map { .init(epoch: line.epochText, step: line.steps, loss: $0.loss) }
            }, bestStep: table.best.map { table.lines[$0].steps })
        panel.columns = output.lineColumns
        return panel
    }

    private func table(isOver: Bool) -> EpochTable {
        var lines = lines
        if lines.isEmpty, !isOver, trainer.step == 0 {
            lines.append(.init(epoch: hasValidation ? 0 : 1, steps: 0, remark: "running"))
        }
        if let underWay = run.lineUnderWay {
            var line = EpochTable.Line(underWay)
            line.remark = !isOver ? "so far" : "stopped"
            // A number that stands still while it fills; where it was cut, how much of it there is.
            if !isOver { line.epoch.round(.up) }
            lines.append(line)
        }
        return EpochTable(
            lines, hasValidation: hasValidation, showsTimes: showsTimes, best: run.best?.steps,
            by: run.judging.deciding)
    }

    private var share: Double { Double(trainer.step) / Double(max(1, trainer.totalSteps)) }
    private var percent: String { NumberStyle.wholePercent(share) }

    var timeLeft: String {
        if judging != nil, trainer.step == 0 { return "measuring the untuned model" }
        return secondsLeft.map(TimeLeft.text) ?? "about \(TimeLeft.text(expected.total))"
    }

    /// Nil before the first step.
    private var secondsLeft: Double? {
        let steps = run.ending == nil ? trainer.totalSteps - trainer.step : 0
        return left.seconds(
            steps: steps, judgements: hasValidation ? run.judgementsLeft : 0, allowed: run.secondsAllowed)
    }

    /// In the order in which they are worth room.
    private func facts(_ state: ProgressView.State, at now: Double) -> [FactsLine.Fact] {
        var facts: [FactsLine.Fact] = []
        if let judging, judging.total > 0 {
            facts.append(.init("judged", "\(judging.done.grouped) of \(judging.total.grouped) texts"))
        }
        if state == .finished {
            if showsTimes { facts.append(.init("time", NumberStyle.seconds.text(now - began))) }
            let steps = NumberStyle.automatic.text(Double(trainer.totalSteps))
            let made = run.ending == nil ? "" : "\(NumberStyle.automatic.text(Double(trainer.step))) of "
            facts.append(.init("steps", made + steps))
        } else {
            facts.append(.init("step", stepOf))
            facts.append(.init("epoch", epochOf))
        }
        if let last = curve.last { facts.append(.init("loss", NumberStyle.loss.text(last.loss))) }
        guard showsTimes else { return facts }
        if let bytes = SystemMemory.resident {
            let text = NumberStyle.bytes.text(Double(bytes))
            facts.append(.init("memory", text, plain: text))
        }
        facts.append(.init("cores", "\(workers)"))
        if trainer.seconds > 0 {
            let rate = NumberStyle.fixed(0).text(Double(trainer.tokens) / trainer.seconds)
            facts.append(.init("tokens/s", rate))
        }
        return facts
    }

    /// `54/126`, counted as epochs are.
    var stepOf: String {
        let first = trainer.start.steps
        return "\((first + trainer.step).grouped)/\((first + trainer.totalSteps).grouped)"
    }

    /// `2 of 3`, counted over all runs on the same weights.
    private var epochOf: String {
        let done = max(0, trainer.step - 1) / max(1, trainer.stepsPerEpoch)
        return "\(trainer.start.epochs + done + 1) of \(epochs.last?.number ?? 1)"
    }
}
