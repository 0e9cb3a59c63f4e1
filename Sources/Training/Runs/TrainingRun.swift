import System

/// What training over the same weights has come to: steps and epochs of all its runs, how the last one ended.
package struct TrainingRun: Sendable {
    /// As it is called in `resume`.
    package var name: String
    package var method: String
    package var data: String
    /// Of earlier runs over the same weights, then of this one.
    package var steps: [StepRecord] = []
    package var epochs: [RunLine] = []
    /// Validations between the ends of epochs.
    package var validations: [RunLine] = []
    /// Epoch 0: before the first of the steps; nil without a validation part.
    package var untuned: RunLine?
    /// The best of all validations; nil without any.
    package var best: BestRecord?
    /// Whether the best one's weights are the ones that stayed.
    package var usesBest = false
    /// Why it was over before its last planned step; nil where it was not.
    package var ending: RunEnding?
    /// Largest norm of all gradients, 0 for no limit; nil where that is not known.
    package var clip: Float?
    /// Of this run alone.
    package var tokens = 0
    package var seconds = 0.0
    /// Of this run, if nothing ends it early.
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
    package var ownEpochs: ArraySlice<RunLine> { epochs.drop { $0.steps <= start.steps } }

    package var isWhole: Bool { ending != nil || ownSteps.count >= plannedSteps }

    /// This run's own steps as far as it goes or may yet go.
    package var expectedSteps: Int { ending == nil ? plannedSteps : ownSteps.count }

    /// Whether the best of all validations was that of an earlier run over the same weights, or that which this one
    /// began with.
    package var isBestEarlier: Bool { best.map { start.steps > 0 && $0.steps <= start.steps } ?? false }

    /// The step of the best of this run's own validations.
    package var ownBestStep: Int? {
        guard isBestEarlier else { return best?.steps }
        let figure = DecidingFigure.named(best?.figure)
        var own = BestValidation()
        for line in ownLines {
            _ = own.note(
                line.validation.flatMap(figure.value), by: figure, epoch: line.epoch, steps: line.steps)
        }
        return own.best?.steps
    }

    /// What its table has, the untuned model and earlier runs over the same weights among it.
    package var lines: [RunLine] { RunLine.all(untuned, epochs, validations) }
    /// Its own.
    package var ownLines: [RunLine] {
        RunLine.all(nil, ownEpochs, validations.filter { $0.steps > start.steps })
    }

    /// Updates that the weights in use have behind them, over all runs.
    package var stepsInUse: Int { usesBest ? best?.steps ?? steps.count : steps.count }

    /// The line of the weights in use; nil where none was written just then.
    package var lineInUse: RunLine? {
        lines.last { $0.steps == stepsInUse && (!usesBest || $0.validation != nil) }
    }

    /// How many of its own steps had their gradients scaled down; nil without a limit.
    package var clippedShare: Double? {
        guard let clip, clip > 0, !ownSteps.isEmpty else { return nil }
        return Double(ownSteps.count { $0.gradientNorm > Double(clip) }) / Double(ownSteps.count)
    }

    /// The loss as it stands after the last step, smoothed as the curve is.
    package var smoothedLoss: Double { smoothedLoss(after: steps.count) }

    /// The loss as it stood after so many steps of all runs, smoothed as the curve is.
    package func smoothedLoss(after count: Int) -> Double {
        Self.smoothedLoss(of: steps.prefix(count), planned: start.steps + plannedSteps) ?? .nan
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
