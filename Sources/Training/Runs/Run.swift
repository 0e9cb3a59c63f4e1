import Diagnostics
import Learning

/// What happened in one stretch of a run.
package enum RunEvent: Sendable {
    /// The model was judged on the validation part before anything was trained.
    case untuned(UntunedRecord)
    /// One update.
    case step(TrainingProgress)
    /// The examples were gone through once, and the validation part was judged.
    case epoch(EpochRecord)
    /// A state was written: its bytes, and the seconds that took.
    case state(bytes: Int, seconds: Double)
    /// A state could not be written; the run lives on in memory.
    case unwritten(Diagnostic)
    case finished
}

/// One run: updates until its end, an epoch at a time, judged after each, its state written meanwhile.
///
/// Interrupted and gone on with, here or from a state in another process, it gives the bytes of one that never
/// stopped.
package final class Run {
    /// How many examples are judged, of how many.
    package typealias Judging = @Sendable (_ done: Int, _ of: Int) -> Void

    package let trainer: Trainer
    package let earlier: RunHistory
    /// This run's own epochs that are over and judged.
    package private(set) var epochs: [EpochRecord] = []
    /// What the model did before the first update over these weights, in this run or an earlier one.
    package private(set) var untuned: UntunedRecord?
    private let seen: SeenTexts
    private let keeper: RunKeeper
    private let judge: (Interruption, @escaping Judging) throws -> EvaluationResult?
    private let now: () -> Double
    private var secondsInEpoch = 0.0
    /// Whether there is nothing to be judged on before the first update.
    private var hasBegun = false

    /// - `earlier`: what was trained over the same weights before.
    /// - `seen`: what the weights had learned from before.
    /// - `state`: where the run was; nil begins it.
    /// - `judge`: what the weights, as they are when it is asked, do on the validation part; nil without one.
    /// - `now`: seconds on a clock.
    /// - Throws: `bad-state` when the state is not one of such a run.
    package init(
        _ trainer: Trainer, after earlier: RunHistory, seen: SeenTexts, from state: RunState? = nil,
        keeper: RunKeeper, now: @escaping () -> Double,
        judge: @escaping (Interruption, @escaping Judging) throws -> EvaluationResult?
    ) throws {
        (self.trainer, self.earlier, self.keeper) = (trainer, state?.earlier ?? earlier, keeper)
        (self.seen, self.now, self.judge) = (state?.seen ?? seen, now, judge)
        untuned = state.map(\.untuned) ?? earlier.untuned
        guard let state else { return }
        try trainer.restore(state.trainer)
        (epochs, secondsInEpoch) = (state.epochs, state.secondsInEpoch)
    }

    /// Goes on until the next thing has happened.
    ///
    /// - `judging`: told how far a judgement is.
    /// - Throws: `Interrupted`; `loss-not-finite`. What was done before stays done, and it may be called again.
    package func advance(_ interruption: Interruption, judging: @escaping Judging = { _, _ in }) throws
        -> RunEvent
    {
        if let event = keeper.keepIfDue(trainer.step, { state }) { return event }
        let began = now()
        if isAtBeginning {
            let validation = try judge(interruption, judging)
            hasBegun = true
            if let validation {
                let record = UntunedRecord(
                    validation: validation, seconds: now() - began,
                    isUntuned: seen.count == 0 && seen.isWhole && !trainer.tuning.beginsElsewhere)
                untuned = record
                return .untuned(record)
            }
        }
        if endedEpoch {
            let validation = try judge(interruption, judging)
            secondsInEpoch += now() - began
            let record = epochRecord(validation)
            epochs.append(record)
            secondsInEpoch = 0
            return .epoch(record)
        }
        guard !trainer.isFinished else { return .finished }
        let progress = try trainer.update(interruption: interruption)
        secondsInEpoch += now() - began
        return .step(progress)
    }

    /// Judgements of the validation part that are to come, or under way.
    package var judgementsLeft: Int {
        trainer.epochsLeft + (isAtBeginning ? 1 : 0) + (endedEpoch ? 1 : 0)
    }

    /// All that it needs to go on: its own values, good until it advances.
    package var state: RunState {
        RunState(
            trainer: trainer.state, earlier: earlier, untuned: untuned, epochs: epochs,
            secondsInEpoch: secondsInEpoch, seen: seen)
    }

    /// The epoch whose steps are under way or not judged yet; nil before its first step.
    package var epochUnderWay: EpochRecord? { trainer.step > notedSteps ? epochRecord(nil) : nil }

    /// Steps and epochs so far, those of earlier runs among them; an epoch that is over has its line, even if it
    /// was not judged yet.
    package func record(name: String, method: String, data: String) -> TrainingRun {
        var run = TrainingRun(
            name: name, method: method, data: data, plannedSteps: trainer.totalSteps,
            stepsPerEpoch: trainer.stepsPerEpoch)
        (run.start, run.untuned) = (earlier.start, untuned)
        run.steps = earlier.steps + trainer.history
        run.epochs = earlier.epochs + epochs + (endedEpoch ? [epochRecord(nil)] : [])
        (run.tokens, run.seconds) = (trainer.tokens, trainer.seconds)
        run.states = keeper.tally
        run.loss = trainer.settings.loss?.shortSummary
        return run
    }

    /// Whether nothing has ever been trained over these weights, and the model was not judged yet.
    private var isAtBeginning: Bool {
        !hasBegun && untuned == nil && trainer.step == 0 && earlier.start.steps == 0
    }

    /// Whether the steps of an epoch are done and it has not been noted.
    private var endedEpoch: Bool {
        guard trainer.step > 0 else { return false }
        let isEnd = trainer.isFinished || trainer.step.isMultiple(of: trainer.stepsPerEpoch)
        return isEnd && notedSteps < trainer.step
    }

    /// This run's own steps that epochs were noted of.
    private var notedSteps: Int { epochs.last.map { $0.steps - earlier.start.steps } ?? 0 }

    private func epochRecord(_ validation: EvaluationResult?) -> EpochRecord {
        let steps = trainer.history[notedSteps...]
        let mean = steps.reduce(0) { $0 + $1.loss } / Double(max(1, steps.count))
        return EpochRecord(
            epoch: earlier.start.epochs + epochs.count + 1, steps: earlier.start.steps + trainer.step,
            trainLoss: mean, validation: validation, seconds: secondsInEpoch)
    }
}
