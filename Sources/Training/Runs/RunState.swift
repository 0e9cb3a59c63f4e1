/// All that a run needs to go on as if it had never stopped, in this process or another.
package struct RunState: Sendable {
    package var trainer: TrainerState
    /// What stood before this run began.
    package var earlier: RunHistory
    /// See `TrainingRun.untuned`.
    package var untuned: UntunedRecord?
    /// This run's own epochs that are over and judged.
    package var epochs: [EpochRecord]
    /// Seconds that the epoch under way has taken.
    package var secondsInEpoch: Double
    /// What the weights had learned from before this run began.
    package var seen: SeenTexts

    package init(
        trainer: TrainerState, earlier: RunHistory, untuned: UntunedRecord? = nil, epochs: [EpochRecord],
        secondsInEpoch: Double, seen: SeenTexts
    ) {
        (self.trainer, self.earlier, self.untuned, self.epochs) = (trainer, earlier, untuned, epochs)
        (self.secondsInEpoch, self.seen) = (secondsInEpoch, seen)
    }

    package var step: Int { trainer.step }
}

/// The curve of earlier runs over the same weights.
package struct RunHistory: Sendable {
    package var start = RunStart()
    package var steps: [StepRecord] = []
    package var epochs: [EpochRecord] = []
    /// See `TrainingRun.untuned`.
    package var untuned: UntunedRecord?

    package init() {}

    /// All that a run and those before it have done.
    package init(after run: TrainingRun) {
        (steps, epochs, untuned) = (run.steps, run.epochs, run.untuned)
        let passes =
            run.stepsPerEpoch > 0 ? (run.ownSteps.count + run.stepsPerEpoch - 1) / run.stepsPerEpoch : 0
        start = RunStart(steps: run.steps.count, epochs: run.start.epochs + passes)
    }
}
