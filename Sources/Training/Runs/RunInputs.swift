import Compute
import Datasets
import Diagnostics
import Learning

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
    /// What it is judged by, the one first that decides.
    package var sets: [ValidationSet]

    package init(
        model: LoadedModel, data: LoadedData, method: AttachedMethod, task: any LearningTask,
        headSeed: UInt64, seen: SeenTexts, kept: KeptRun?, sets: [ValidationSet]
    ) {
        (self.model, self.data, self.method, self.task) = (model, data, method, task)
        (self.headSeed, self.seen, self.kept, self.sets) = (headSeed, seen, kept, sets)
    }

    /// The training examples that have something to learn, as a run over them reads them.
    ///
    /// - Throws: `no-examples`; what the encoder throws, and the guard of what is cut; `Interrupted`.
    func learnable(
        seed: UInt64, workers: Workers, interruption: Interruption
    ) throws -> LearnableExamples {
        let examples = data.dataset.train.filter { task.encoder.hasAnswer($0) }
        guard !examples.isEmpty else {
            throw Diagnostic(
                "no-examples", "the data set \(data.dataset.name) has no training examples",
                hint: "load it with train=…")
        }
        let encoded = try task.encoder.encode(
            examples, Pass.Randomness(seed: seed, step: 0), workers: workers, interruption: interruption)
        return try LearnableExamples(
            examples,
            task.prepared(encoded, by: model.model, workers: workers, interruption: interruption), for: task)
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
