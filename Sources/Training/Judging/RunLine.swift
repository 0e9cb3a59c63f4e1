/// A line of a run's table: the model before, the end of an epoch, a validation within one.
package struct RunLine: Sendable, Hashable {
    /// Passes over the examples: those that earlier runs over the same weights began (see `RunStart`) and this run's own
    /// so far. A whole number at the end of an epoch, 1.25 within one and where one was cut, 0 before the first step.
    ///
    /// After a run that was cut it is more than what was gone through: its last pass counts as a whole one.
    package var epoch = 0.0
    /// Updates so far, over all runs on the same weights.
    package var steps = 0
    /// Mean over the steps since the line before, in nats; nil before the first.
    package var trainLoss: Double?
    /// nil where nothing was judged.
    package var validation: EvaluationResult?
    /// On further sets.
    package var others: [SetResult]
    /// None where nobody asked for them.
    package var samples: [SampleAnswer]
    /// Since the line before.
    package var seconds: Double
    /// Whether the model was judged before the first of all steps, and its weights are known to have learned from
    /// nothing: not so for what was opened.
    package var isUntuned = false

    private init(_ judged: Judgement?, seconds: Double) {
        (validation, others, samples) = (judged?.result, judged?.others ?? [], judged?.samples ?? [])
        self.seconds = seconds
    }

    package init(epoch: Double, steps: Int, trainLoss: Double, judged: Judgement?, seconds: Double) {
        self.init(judged, seconds: seconds)
        (self.epoch, self.steps, self.trainLoss) = (epoch, steps, trainLoss)
    }

    /// Before the first step.
    package init(before judged: Judgement, seconds: Double, isUntuned: Bool) {
        self.init(judged, seconds: seconds)
        self.isUntuned = isUntuned
    }

    /// All of them in the order of steps.
    package static func all(
        _ untuned: RunLine?, _ epochs: some Sequence<RunLine>, _ validations: some Sequence<RunLine>
    ) -> [RunLine] {
        [untuned].compactMap(\.self) + (Array(epochs) + Array(validations)).sorted { $0.steps < $1.steps }
    }
}

/// In files each line has its epoch, steps and seconds and whether it is untuned; of the other keys those that hold
/// something.
///
/// States of format 3 have lines of three kinds, each with keys of its own, so that none but the seconds must be there.
extension RunLine: Codable {
    private enum CodingKeys: String, CodingKey {
        case epoch, steps, trainLoss, validation, others, samples, seconds, isUntuned
    }

    package init(from decoder: any Swift.Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func optional<Value: Decodable>(_ key: CodingKeys) throws -> Value? {
            try values.decodeIfPresent(Value.self, forKey: key)
        }
        (epoch, steps) = (try optional(.epoch) ?? 0, try optional(.steps) ?? 0)
        (trainLoss, validation) = (try optional(.trainLoss), try optional(.validation))
        (others, samples) = (try optional(.others) ?? [], try optional(.samples) ?? [])
        seconds = try values.decode(ClockSeconds.self, forKey: .seconds).wrappedValue
        isUntuned = try optional(.isUntuned) ?? false
    }

    package func encode(to encoder: any Swift.Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(epoch, forKey: .epoch)
        try values.encode(steps, forKey: .steps)
        try values.encodeIfPresent(trainLoss, forKey: .trainLoss)
        try values.encodeIfPresent(validation, forKey: .validation)
        if !others.isEmpty { try values.encode(others, forKey: .others) }
        if !samples.isEmpty { try values.encode(samples, forKey: .samples) }
        try values.encode(ClockSeconds(wrappedValue: seconds), forKey: .seconds)
        try values.encode(isUntuned, forKey: .isUntuned)
    }
}
