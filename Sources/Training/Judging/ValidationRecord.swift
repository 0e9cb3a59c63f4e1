/// A validation between the ends of epochs.
package struct ValidationRecord: Sendable, Hashable, Codable {
    /// Passes over the examples so far, over all runs on the same weights: 1.25.
    package var epoch: Double
    /// Updates so far, over all runs on the same weights.
    package var steps: Int
    /// Mean over the steps since the validation before, or since the epoch began, in nats.
    package var trainLoss: Double
    package var validation: EvaluationResult
    /// On further sets; nil without any.
    package var others: [SetResult]?
    /// nil where nobody asked for them.
    package var samples: [SampleAnswer]?
    /// Since then.
    @ClockSeconds package var seconds: Double

    package init(epoch: Double, steps: Int, trainLoss: Double, judged: Judgement, seconds: Double) {
        (self.epoch, self.steps, self.trainLoss, self.seconds) = (epoch, steps, trainLoss, seconds)
        validation = judged.result
        others = judged.others.isEmpty ? nil : judged.others
        samples = judged.samples.isEmpty ? nil : judged.samples
    }
}

/// A line of a run's table: the model before, an epoch, a validation within one.
package struct RunLine: Sendable, Hashable {
    /// A whole number at the end of an epoch.
    package var epoch: Double
    package var steps: Int
    package var trainLoss: Double?
    package var validation: EvaluationResult?
    package var others: [SetResult] = []
    package var samples: [SampleAnswer] = []
    package var seconds: Double
    /// Whether the model was judged before the first of all steps, having learned from nothing.
    package var isUntuned = false

    package init(_ record: EpochRecord) {
        (epoch, steps, trainLoss) = (Double(record.epoch), record.steps, record.trainLoss)
        (validation, seconds) = (record.validation, record.seconds)
        (others, samples) = (record.others ?? [], record.samples ?? [])
    }

    package init(_ record: ValidationRecord) {
        (epoch, steps, trainLoss) = (record.epoch, record.steps, record.trainLoss)
        (validation, seconds) = (record.validation, record.seconds)
        (others, samples) = (record.others ?? [], record.samples ?? [])
    }

    package init(_ record: UntunedRecord) {
        (epoch, steps, validation, seconds) = (0, 0, record.validation, record.seconds)
        (others, samples) = (record.others ?? [], record.samples ?? [])
        isUntuned = record.isUntuned
    }

    /// All of them in the order of steps.
    package static func all(
        _ untuned: UntunedRecord?, _ epochs: some Sequence<EpochRecord>,
        _ validations: some Sequence<ValidationRecord>
    ) -> [RunLine] {
        let within = (epochs.map { RunLine($0) } + validations.map { RunLine($0) })
        return (untuned.map { [RunLine($0)] } ?? []) + within.sorted { $0.steps < $1.steps }
    }
}
