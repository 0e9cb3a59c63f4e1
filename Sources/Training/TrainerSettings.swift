import Learning

/// How a run goes, in the field's words.
package struct TrainerSettings: Sendable, Hashable, Codable {
    package var epochs = 3.0
    /// Examples whose gradients make one update.
    package var batch = 8
    package var lr: Float = 5e-4
    /// Of parts that have another; nil where none has.
    package var rates: PartRates?
    package var optimizer = OptimizerChoice()
    package var schedule = ScheduleChoice()
    /// Over which part of the run lr rises from 0.
    package var warmup = Warmup.Length.steps(0)
    /// Largest norm of all gradients together; 0 for no limit.
    package var clip: Float = 1
    package var seed: UInt64 = 42
    /// Of the model's own values, an adapter's dropout aside; nil for none.
    package var dropout: DropoutRates?
    /// Nil for the task's own, without weights and smoothing.
    package var loss: LossChoice?
    /// Of data with preferences; nil for the usual one, and for other data.
    package var preference: PreferenceChoice?
    /// NEFTune's alpha; nil for no noise.
    package var noise: Float?
    /// Whether weight decay leaves biases and norms alone, as Hugging Face has it; nil where it pulls on everything, as
    /// in runs of before, and where there is none.
    package var sparesBiases: Bool?
    /// Whether of each block only its input is kept, and the block computed again on the way back: less memory and
    /// more time for the same bytes; nil for not.
    package var checkpointing: Bool?
    /// Tokens that are worked on at once by a worker, at most, one example aside; nil for what suits
    /// the method. It changes memory and speed, and in which order
    /// gradients are summed: the last digits.
    package var shareTokens: Int?
    /// Whether shares run one after the other, each over all workers, and add to one gradient; nil for
    /// what suits the number of values trained.
    package var isWide: Bool?
    /// Partial sums that the shares of a batch are dealt to where they add to one gradient, 1 or more: as
    /// many as machines that a run began on. Equal numbers give equal bytes, on any number of machines.
    package var sums = 1
    /// So many updates, whatever the epochs say.
    package var maxSteps: Int?
    /// Updates over which the schedule goes, where a run stops before them; nil for all that it makes.
    package var horizon: Int?
    /// How it is judged on its way, and when that ends it; nil as usual.
    package var judging: JudgingSettings?

    package init() {}

    package func stepsPerEpoch(of examples: Int) -> Int {
        examples / max(1, batch) + (examples.isMultiple(of: max(1, batch)) ? 0 : 1)
    }

    /// Updates of a whole run.
    package func totalSteps(of examples: Int) -> Int {
        if let maxSteps { return maxSteps }
        return Int(exactly: (epochs * Double(stepsPerEpoch(of: examples))).rounded(.up)) ?? .max
    }

    /// Updates over which the schedule goes.
    package func horizon(of examples: Int) -> Int { horizon ?? totalSteps(of: examples) }
}

/// Where a run stands, after each update.
package struct TrainingProgress: Sendable {
    package var step: Int
    package var totalSteps: Int
    package var epoch: Double
    /// Mean over this update's loss terms, in nats.
    package var loss: Double
    package var lr: Float
    /// Norm of all gradients together, before clipping.
    package var gradientNorm: Double
    /// Real tokens so far, and seconds of work.
    package var tokens: Int
    package var seconds: Double
}

/// What one update looked like.
package struct StepRecord: Sendable, Hashable {
    /// From 1, over all runs on the same weights.
    package var step: Int
    package var loss: Double
    package var lr: Float
    package var gradientNorm: Double
}
