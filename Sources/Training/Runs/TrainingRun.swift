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
    /// Validations between the ends of epochs.
    package var validations: [ValidationRecord] = []
    /// Epoch 0: before the first of the steps; nil without a validation part.
    package var untuned: UntunedRecord?
    /// The best of all validations; nil without any.
    package var best: BestRecord?
    /// Whether the best one's weights are the ones that stayed.
    package var usesBest = false
    /// Why it was over before its last step; nil where it was not.
    package var ending: RunEnding?
    /// Largest norm of all gradients, 0 for no limit; nil where that is not known.
    package var clip: Float?
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

    /// What its table has, the untuned model and earlier runs over the same weights among it.
    package var lines: [RunLine] { RunLine.all(untuned, epochs, validations) }
    /// Its own.
    package var ownLines: [RunLine] {
        RunLine.all(nil, ownEpochs, validations.filter { $0.steps > start.steps })
    }

    /// The line of the weights that stayed; nil where they were not judged.
    package var lineInUse: RunLine? {
        if usesBest, let best { return lines.last { $0.steps == best.steps && $0.validation != nil } }
        return ownLines.last
    }

    /// How many of its own steps had their gradients scaled down; nil without a limit.
    package var clippedShare: Double? {
        guard let clip, clip > 0, !ownSteps.isEmpty else { return nil }
        return Double(ownSteps.count { $0.gradientNorm > Double(clip) }) / Double(ownSteps.count)
    }

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
    /// On further sets; nil without any.
    package var others: [SetResult]?
    /// nil where nobody asked for them.
    package var samples: [SampleAnswer]?
    @ClockSeconds package var seconds: Double

    package init(epoch: Int, steps: Int, trainLoss: Double, judged: Judgement?, seconds: Double) {
        (self.epoch, self.steps, self.trainLoss, self.seconds) = (epoch, steps, trainLoss, seconds)
        validation = judged?.result
        others = judged.flatMap { $0.others.isEmpty ? nil : $0.others }
        samples = judged.flatMap { $0.samples.isEmpty ? nil : $0.samples }
    }
}

/// What a model did on the validation part before the first update: the curve's epoch 0.
package struct UntunedRecord: Sendable, Hashable, Codable {
    package var validation: EvaluationResult
    /// On further sets; nil without any.
    package var others: [SetResult]?
    /// nil where nobody asked for them.
    package var samples: [SampleAnswer]?
    @ClockSeconds package var seconds: Double
    /// Whether its weights are known to have learned from nothing: not so for what was opened.
    package var isUntuned: Bool

    package init(_ judged: Judgement, seconds: Double, isUntuned: Bool) {
        (self.seconds, self.isUntuned) = (seconds, isUntuned)
        validation = judged.result
        others = judged.others.isEmpty ? nil : judged.others
        samples = judged.samples.isEmpty ? nil : judged.samples
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
