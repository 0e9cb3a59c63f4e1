/// All that a run needs to go on as if it had never stopped, in this process or another.
package struct RunState: Sendable {
    package var trainer: TrainerState
    /// What stood before this run began.
    package var earlier: RunHistory
    /// See `TrainingRun.untuned`.
    package var untuned: RunLine?
    /// This run's own epochs that are over and judged.
    package var epochs: [RunLine]
    /// Its own validations between the ends of epochs.
    package var validations: [RunLine] = []
    /// The best validation, and what it was made with; nil without any.
    package var best: BestWeights?
    /// Validations in a row that were not better, see `BestValidation`.
    package var waited = 0
    /// Why it is over before its last step; nil where it is not.
    package var ending: RunEnding?
    /// Seconds that the run has taken, as it was told the time.
    package var spent = 0.0
    /// Seconds that the epoch under way has taken.
    package var secondsInEpoch: Double
    /// What the weights had learned from before this run began.
    package var seen: SeenTexts

    package init(
        trainer: TrainerState, earlier: RunHistory, untuned: RunLine? = nil, epochs: [RunLine],
        secondsInEpoch: Double, seen: SeenTexts
    ) {
        (self.trainer, self.earlier, self.untuned, self.epochs) = (trainer, earlier, untuned, epochs)
        (self.secondsInEpoch, self.seen) = (secondsInEpoch, seen)
    }

    package var step: Int { trainer.step }

    /// Bytes of its tensors.
    package var byteCount: Int { trainer.byteCount + (best?.byteCount ?? 0) }

    /// Goes on without the best validation where that was of other texts: those to come cannot be compared with it.
    ///
    /// - Returns: what is to be said of it; nil where it stays.
    mutating func forgetBest(unlessJudgedBy validation: Validation) -> String? {
        guard let texts = best?.record.texts, texts != validation.decidingHash else { return nil }
        (best, waited) = (nil, 0)
        return "the best validation so far does not count any more: it was judged by other texts"
    }
}

/// The curve of earlier runs over the same weights.
package struct RunHistory: Sendable {
    package var start = RunStart()
    package var steps: [StepRecord] = []
    package var epochs: [RunLine] = []
    package var validations: [RunLine] = []
    /// See `TrainingRun.untuned`.
    package var untuned: RunLine?
    /// The best validation, where the run that follows is judged as these were.
    package var best: BestWeights?

    package init() {}

    /// All that a run and those before it have done.
    package init(after run: TrainingRun) {
        (steps, epochs, untuned) = (run.steps, run.epochs, run.untuned)
        validations = run.validations
        let passes =
            run.stepsPerEpoch > 0 ? (run.ownSteps.count + run.stepsPerEpoch - 1) / run.stepsPerEpoch : 0
        start = RunStart(steps: run.steps.count, epochs: run.start.epochs + passes)
    }
}
