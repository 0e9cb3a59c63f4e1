import JSON
import Training

/// What one `train` did: its steps, its epochs, how it ended.
package struct TrainingRun: Sendable {
    package var method: String
    package var data: String
    package var steps: [StepRecord] = []
    package var epochs: [EpochRecord] = []
    package var tokens = 0
    package var seconds = 0.0
    package var plannedSteps: Int
    package var stepsPerEpoch: Int

    package var isWhole: Bool { steps.count >= plannedSteps }

    /// The mean loss of the last steps, at most a tenth of them.
    package var finalLoss: Double {
        let tail = steps.suffix(max(1, steps.count / 10))
        return tail.isEmpty ? .nan : tail.reduce(0) { $0 + $1.loss } / Double(tail.count)
    }
}

/// One pass over the training examples.
package struct EpochRecord: Sendable, Hashable {
    package var epoch: Int
    package var steps: Int
    /// Mean over the epoch's steps, in nats.
    package var trainLoss: Double
    package var validation: EvaluationResult?
    package var seconds: Double
}
