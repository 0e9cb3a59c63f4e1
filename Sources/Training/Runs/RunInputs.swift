/// What a run is made over, with what its weights have behind them.
package struct RunInputs: Sendable {
    package var model: LoadedModel
    package var data: LoadedData
    /// Attached to the model.
    package var method: AttachedMethod
    package var task: any LearningTask
    /// Of the first values of the task's head.
    package var headSeed: UInt64
    /// What the weights have learned from.
    package var seen: SeenTexts
    /// The run before this one over the same weights.
    package var kept: KeptRun?

    package init(
        model: LoadedModel, data: LoadedData, method: AttachedMethod, task: any LearningTask,
        headSeed: UInt64, seen: SeenTexts, kept: KeptRun?
    ) {
        (self.model, self.data, self.method, self.task) = (model, data, method, task)
        (self.headSeed, self.seen, self.kept) = (headSeed, seen, kept)
    }
}

/// What a run has come to, for whoever goes on from it.
package struct RunOutcome: Sendable {
    package let method: AttachedMethod
    /// With the head as it was trained.
    package let task: any LearningTask
    package let kept: KeptRun
    package let record: TrainingRun
    package let seen: SeenTexts
}
