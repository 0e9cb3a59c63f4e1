import Diagnostics
import Learning

/// What happened in one stretch of a run.
package enum RunEvent: Sendable {
    /// The model was judged on the validation part before anything was trained.
    case untuned(RunLine)
    /// One update.
    case step(TrainingProgress)
    /// The examples were gone through once, and the validation part was judged, where that was due.
    case epoch(RunLine)
    /// The validation part was judged on the way through the examples.
    case validation(RunLine)
    /// A state was written: its bytes, and the seconds that took.
    case state(bytes: Int, seconds: Double)
    /// A state could not be written; the run lives on in memory.
    case unwritten(Diagnostic)
    case finished
}

/// One run: updates until its end, judged on its way as its settings say, its state written meanwhile.
///
/// Interrupted and gone on with, here or from a state in another process, it gives the bytes of one that never
/// stopped, and ends where that would have ended.
package final class Run {
    /// How many examples are judged, of how many.
    package typealias Judging = @Sendable (_ done: Int, _ of: Int) -> Void

    package let trainer: Trainer
    package let earlier: RunHistory
    package let judging: JudgingSettings
    /// This run's own epochs that are over and judged.
    package private(set) var epochs: [RunLine] = []
    /// Its own validations between the ends of epochs.
    package private(set) var validations: [RunLine] = []
    /// What the model did before the first update over these weights, in this run or an earlier one.
    package private(set) var untuned: RunLine?
    /// Why it is over before its last step.
    package private(set) var ending: RunEnding?
    private let seen: SeenTexts
    private let keeper: RunKeeper
    private let judge: (Interruption, @escaping Judging) throws -> Judgement?
    private let now: () -> Double
    /// Steps between two validations; nil where each epoch has one.
    private let every: Int?
    /// What the texts are known by that decide.
    private let texts: String?
    private var deciding: BestValidation
    private var bestWeights: [NamedTensor]?
    private var secondsInEpoch = 0.0
    /// Seconds that it has taken, as it was told the time.
    private var spent = 0.0
    /// Whether there is nothing to be judged on before the first update.
    private var hasBegun = false

    /// - `earlier`: what was trained over the same weights before.
    /// - `seen`: what the weights had learned from before.
    /// - `state`: where the run was; nil begins it.
    /// - `texts`: a hash of what decides which validation is the best.
    /// - `judge`: what the weights, as they are when it is asked, do on the validation part; nil without one.
    /// - `now`: seconds on a clock.
    /// - Throws: `bad-state` when the state is not one of such a run.
    package init(
        _ trainer: Trainer, after earlier: RunHistory, seen: SeenTexts, from state: RunState? = nil,
        keeper: RunKeeper, texts: String? = nil, now: @escaping () -> Double,
        judge: @escaping (Interruption, @escaping Judging) throws -> Judgement?
    ) throws {
        (self.trainer, self.earlier, self.keeper) = (trainer, state?.earlier ?? earlier, keeper)
        (self.seen, self.now, self.judge, self.texts) = (state?.seen ?? seen, now, judge, texts)
        judging = trainer.settings.judging ?? JudgingSettings()
        every = judging.steps(of: trainer.settings.horizon(of: trainer.examples.count))
        untuned = state.map(\.untuned) ?? earlier.untuned
        let best = state.map(\.best) ?? earlier.best
        deciding = BestValidation(best: best?.record, waited: state?.waited ?? 0)
        bestWeights = judging.kept == .lastOnly ? nil : best?.weights
        guard let state else { return }
        try trainer.restore(state.trainer)
        (epochs, validations, ending) = (state.epochs, state.validations, state.ending)
        (secondsInEpoch, spent) = (state.secondsInEpoch, state.spent)
    }

    /// Goes on until the next thing has happened.
    ///
    /// - `judging`: told how far a judgement is.
    /// - Throws: `Interrupted`; `loss-not-finite` of a step (see `Trainer.update`); `not-finite` of weights that give no
    ///   numbers, in a validation or before the first step. What was done before stays done, and it may be called again.
    package func advance(_ interruption: Interruption, judging: @escaping Judging = { _, _ in }) throws
        -> RunEvent
    {
        if let event = keeper.keepIfDue(trainer.step, { state }) {
            if case .state(_, let seconds) = event { spent += seconds }
            return event
        }
        // Its weights may give no numbers any more.
        if case .diverged? = ending { return .finished }
        let began = now()
        func passed() -> Double {
            let seconds = now() - began
            spent += seconds
            return seconds
        }
        if isAtBeginning {
            let judged = try judge(interruption, judging)
            hasBegun = true
            if let judged {
                let line = RunLine(
                    before: judged, seconds: passed(),
                    isUntuned: seen.isUntuned(under: trainer.tuning))
                untuned = line
                decide(by: line)
                return .untuned(line)
            }
        }
        if endedEpoch {
            let judged = isDue ? try judgedTrained(interruption, judging) : nil
            secondsInEpoch += passed()
            let line = line(judged)
            epochs.append(line)
            secondsInEpoch = 0
            decide(by: line)
            return .epoch(line)
        }
        if every != nil, isDue, lastJudged < trainer.step,
            let judged = try judgedTrained(interruption, judging)
        {
            secondsInEpoch += passed()
            let line = line(judged)
            validations.append(line)
            decide(by: line)
            return .validation(line)
        }
        guard !isOver else { return .finished }
        let progress = try trainer.update(interruption: interruption)
        secondsInEpoch += passed()
        if let minutes = self.judging.minutes, spent >= 60 * minutes, !trainer.isFinished {
            ending = .time(minutes: minutes)
        }
        return .step(progress)
    }

    /// Whether it makes no more steps.
    package var isOver: Bool { trainer.isFinished || ending != nil }

    /// All that it needs to go on: its own values, good until it advances.
    package var state: RunState {
        var state = RunState(
            trainer: trainer.state, earlier: earlier, untuned: untuned, epochs: epochs,
            secondsInEpoch: secondsInEpoch, seen: seen)
        (state.validations, state.ending, state.spent) = (validations, ending, spent)
        state.best = deciding.best.map { BestWeights($0, weights: bestWeights) }
        state.waited = deciding.waited
        return state
    }

    /// What there is since the last line; nil where no step was made since.
    package var lineUnderWay: RunLine? { trainer.step > stepsOfLines ? line() : nil }

    /// Steps and epochs so far, those of earlier runs among them; an epoch that is over has its line, even if it
    /// was not judged yet.
    package func record(name: String, method: String, data: String) -> TrainingRun {
        var run = TrainingRun(
            name: name, method: method, data: data,
            plannedSteps: trainer.totalSteps, stepsPerEpoch: trainer.stepsPerEpoch)
        (run.start, run.untuned) = (earlier.start, untuned)
        run.steps = earlier.steps + trainer.history
        run.epochs = earlier.epochs + epochs + (endedEpoch ? [line()] : [])
        run.validations = earlier.validations + validations
        (run.best, run.ending, run.clip) = (best, ending, trainer.settings.clip)
        (run.tokens, run.seconds) = (trainer.tokens, trainer.seconds)
        run.states = keeper.tally
        run.loss = trainer.settings.loss?.shortSummary
        return run
    }

    // MARK: - Judged

    /// - Throws: `not-finite` with what to train otherwise, where this run's own steps have come to it.
    private func judgedTrained(
        _ interruption: Interruption, _ judging: @escaping Judging
    ) throws -> Judgement? {
        do { return try judge(interruption, judging) } catch let problem as Diagnostic
            where problem.code == Evaluator.notFinite
        {
            try trainer.model.store.requireFinite()
            throw Diagnostic(problem.code, problem.message, hint: trainer.advice)
        }
    }

    /// The best validation so far, that of an earlier run over the same weights perhaps.
    package var best: BestRecord? { deciding.best }
    /// Validations in a row that were not better.
    package var waited: Int { deciding.waited }

    /// Ends it where it stands, since the next step cannot be made; the weights are those of the last whole step.
    package func diverge() { ending = .diverged(steps: earlier.start.steps + trainer.step) }

    /// Whether what it has trained was once the best so far, and is kept.
    package var hasOwnBest: Bool {
        bestWeights != nil && (best.map { $0.steps > earlier.start.steps } ?? false)
    }

    /// Seconds that it may take yet; nil where nothing limits them.
    package var secondsAllowed: Double? { judging.minutes.map { max(0, 60 * $0 - spent) } }

    /// How often it is judged yet, if nothing ends it early: one that is due or under way among them.
    package var judgementsLeft: Int {
        let isPending = isAtBeginning || isDue && (endedEpoch || every != nil && lastJudged < trainer.step)
        let pending = isPending ? 1 : 0
        guard !isOver else { return pending }
        guard let every else { return pending + trainer.epochsLeft }
        return pending + (trainer.totalSteps + every - 1) / every - trainer.step / every
    }

    private func decide(by line: RunLine) {
        guard let result = line.validation else { return }
        let isBest = deciding.note(
            judging.deciding.value(result), by: judging.deciding, leastGain: judging.leastGain ?? 0,
            epoch: line.epoch, steps: line.steps, texts: texts)
        // Not copies: what trains goes on in its own (see `Parameter.writable`).
        if isBest { bestWeights = judging.kept == .lastOnly ? nil : trainer.tuning.namedTensors }
        if let patience = judging.patience, deciding.waited >= patience, !trainer.isFinished,
            ending == nil
        {
            ending = .patience(deciding.waited)
        }
    }

    /// Whether nothing has ever been trained over these weights, and the model was not judged yet.
    private var isAtBeginning: Bool {
        !hasBegun && untuned == nil && trainer.step == 0 && earlier.start.steps == 0
    }

    /// Whether a validation belongs here, after the steps so far; the last step always has one.
    private var isDue: Bool {
        guard trainer.step > 0 else { return false }
        return every.map { trainer.step.isMultiple(of: $0) || isOver } ?? true
    }

    /// Whether the steps of an epoch are done and it has not been noted; also of one that a run has ended in and that
    /// was not judged there.
    private var endedEpoch: Bool {
        guard trainer.step > notedSteps else { return false }
        if trainer.isFinished || trainer.step.isMultiple(of: trainer.stepsPerEpoch) { return true }
        return ending != nil && lastJudged < trainer.step
    }

    /// This run's own steps that epochs were noted of.
    private var notedSteps: Int { epochs.last.map { $0.steps - earlier.start.steps } ?? 0 }

    /// This run's own steps that it was last judged after.
    private var lastJudged: Int {
        let judged = epochs.last { $0.validation != nil }?.steps
        return max(judged ?? 0, validations.last?.steps ?? 0, earlier.start.steps) - earlier.start.steps
    }

    // MARK: - Lines

    /// What there is since the line before.
    private func line(_ judged: Judgement? = nil) -> RunLine {
        let before = validations.filter { $0.steps - earlier.start.steps > notedSteps }
        let passes = Double(trainer.step) / Double(max(1, trainer.stepsPerEpoch))
        return RunLine(
            epoch: Double(earlier.start.epochs) + passes, steps: earlier.start.steps + trainer.step,
            trainLoss: meanLoss(since: stepsOfLines), judged: judged,
            seconds: secondsInEpoch - before.reduce(0) { $0 + $1.seconds })
    }

    /// This run's own steps that there are lines of.
    private var stepsOfLines: Int { max(notedSteps, lastJudged) }

    /// Over this run's own steps after so many.
    private func meanLoss(since step: Int) -> Double {
        let steps = trainer.history[step...]
        return steps.reduce(0) { $0 + $1.loss } / Double(max(1, steps.count))
    }
}
