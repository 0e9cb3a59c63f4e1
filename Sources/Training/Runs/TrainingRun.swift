import System

/// What training over the same weights has come to: steps and epochs of all its runs, how the last one ended.
package struct TrainingRun: Sendable {
    /// As it is called in `resume`.
    package var name: String
    package var method: String
    package var data: String
    /// Of earlier runs over the same weights, then of this one.
    package var steps: [StepRecord] = []
    package var epochs: [EpochRecord] = []
    /// Epoch 0: before the first of the steps; nil without a validation part.
    package var untuned: UntunedRecord?
    /// Of this run alone.
    package var tokens = 0
    package var seconds = 0.0
    package var plannedSteps: Int
    package var stepsPerEpoch: Int
    /// Where this run began.
    package var start = RunStart()
    /// The loss that was made small, in a few words; nil for the usual one.
    package var loss: String?
    /// What writing its states took, since it was begun or resumed.
    package var states = StateTally()

    package init(name: String, method: String, data: String, plannedSteps: Int, stepsPerEpoch: Int) {
        (self.name, self.method, self.data) = (name, method, data)
        (self.plannedSteps, self.stepsPerEpoch) = (plannedSteps, stepsPerEpoch)
    }

    /// This run's own steps and epochs.
    package var ownSteps: ArraySlice<StepRecord> { steps.dropFirst(start.steps) }
    package var ownEpochs: ArraySlice<EpochRecord> { epochs.drop { $0.steps <= start.steps } }

    package var isWhole: Bool { ownSteps.count >= plannedSteps }

    /// The loss as it stands after the last step, smoothed as the curve is.
    package var smoothedLoss: Double {
        Self.smoothedLoss(of: steps, planned: start.steps + plannedSteps) ?? .nan
    }

    /// The mean that runs along with the losses of all runs over the same weights, at its end; nil without any.
    ///
    /// - `planned`: steps of all of them.
    static func smoothedLoss(of steps: some Sequence<StepRecord>, planned: Int) -> Double? {
        var mean = RunningMean(planned: planned)
        for step in steps { mean.add(step.loss) }
        return mean.value
    }
}

/// One pass over the training examples.
package struct EpochRecord: Sendable, Hashable, Codable {
    /// From 1, over all runs on the same weights.
    package var epoch: Int
    /// Updates so far, over all runs on the same weights.
    package var steps: Int
    /// Mean over the epoch's steps, in nats.
    package var trainLoss: Double
    package var validation: EvaluationResult?
    @ClockSeconds package var seconds: Double
}

/// What a model did on the validation part before the first update: the curve's epoch 0.
package struct UntunedRecord: Sendable, Hashable, Codable {
    package var validation: EvaluationResult
    @ClockSeconds package var seconds: Double
    /// Whether its weights are known to have learned from nothing: not so for what was opened.
    package var isUntuned: Bool

    package init(validation: EvaluationResult, seconds: Double, isUntuned: Bool) {
        (self.validation, self.seconds, self.isUntuned) = (validation, seconds, isUntuned)
    }
}

/// States that were written: how many, how large the last one was, and how long all took.
package struct StateTally: Sendable, Hashable {
    package private(set) var written = 0
    package private(set) var bytes = 0
    package private(set) var seconds = 0.0

    package init() {}

    mutating func add(bytes: Int, seconds: Double) {
        written += 1
        self.bytes = bytes
        self.seconds += seconds
    }
}
