import Compute
import Learning
import Models

/// What a run is thought to need, before it begins.
extension PreparedRun {
    /// Bytes beside the model's: gradients of what is trained, what the optimizer keeps, a copy to go back to, and
    /// activations in flight.
    ///
    /// - `trained`: values that it trains.
    package func neededBytes(trained: Int, workers: Int) -> Int {
        let config = inputs.model.model.config
        let longest = trainer.examples.map { $0.rowCount(under: trainer.tuning) }.max() ?? 0
        let all = trainer.examples.reduce(0) { $0 + $1.rowCount(under: trainer.tuning) }
        // A norm over the batch makes one share of it.
        let batch = inputs.task.couplesExamples ? min(all, settings.batch * longest) : 0
        let inFlight = max(batch, trainer.isWide ? max(1024, longest) : workers * max(256, longest))
        let perToken = config.blocks * (14 * config.width + 3 * config.feedForward) * 4
        // The sum, one in each worker's hands, and those that came early (see OrderedSum).
        let ownGradients = trainer.isWide ? 1 : 2 * workers
        return 4 * (trained * (1 + ownGradients) + trainer.optimizerValues) + inFlight * perToken
    }

    /// Values that learn in one of its epochs at least, of those that it trains; nil where all of them do.
    package var learnedCount: Int? {
        guard let phases = trainer.tuning.phases, trainer.stepsPerEpoch > 0 else { return nil }
        let first = trainer.start.epochs
        let count = (trainer.totalSteps + trainer.stepsPerEpoch - 1) / trainer.stepsPerEpoch
        var resting = Set(trainer.trainedParameters.map(\.name))
        // Halves are drawn: a hundred epochs leave nothing out.
        for epoch in first..<first + min(count, 100) where !resting.isEmpty {
            resting.formIntersection(phases.resting(in: epoch))
        }
        let rests = trainer.trainedParameters.filter { resting.contains($0.name) }
        return rests.isEmpty
            ? nil : trainer.trainedParameters.reduce(0) { $0 + $1.count } - rests.reduce(0) { $0 + $1.count }
    }

    /// Work of all steps and judgements over the speed of a matrix product here.
    package func expectedSeconds(trained: Int, workers: Int) -> Double {
        let tokens =
            Double(trainer.examples.reduce(0) { $0 + $1.rowCount(under: trainer.tuning) })
            / Double(max(1, trainer.stepsPerEpoch))
        let model = inputs.model.model
        let weights = Double(model.store.valueCount - model.config.vocabulary * model.config.width)
        // Two operations a weight forward, two where gradients pass it by, two for a gradient of its own.
        let perToken = 2 * (weights + passed + Double(trained))
        // What a resumed run has done is not done again. The untuned model is judged too, but for a run that goes on.
        let judgements = trainer.epochsLeft + (trainer.start.steps + trainer.step == 0 ? 1 : 0)
        let judging = Double(validationTokens * judgements) * 2 * weights
        let training = tokens * Double(trainer.totalSteps - trainer.step) * perToken
        return (training + judging) / (BLASRate.measured * Double(workers) * 0.6)
    }

    /// Weights that gradients pass by on their way down to what is trained.
    private var passed: Double {
        let (model, reach) = (inputs.model.model, trainer.tuning.reach)
        return model.store.parameters.reduce(0) { sum, parameter in
            let part = model.part(of: parameter.name)
            return part > .embeddings && part >= reach ? sum + Double(parameter.count) : sum
        }
    }
}
