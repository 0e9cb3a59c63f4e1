/// Which validation of a run was the best so far, and how many have passed since one was better.
///
/// The rule is that of Transformers' `EarlyStoppingCallback`: a validation that is better by more than `leastGain` than
/// the best before it begins the wait anew, and the best is whatever was better at all, the first of equals.
package struct BestValidation: Sendable {
    package private(set) var best: BestRecord?
    /// Validations in a row that were not better by so much.
    package private(set) var waited: Int

    package init(best: BestRecord? = nil, waited: Int = 0) { (self.best, self.waited) = (best, waited) }

    /// Takes note of the next validation.
    ///
    /// - `value`: nil, and one that is no finite number, never is the best.
    /// - Returns: whether it is the best so far.
    package mutating func note(
        _ value: Double?, by figure: DecidingFigure, leastGain: Double = 0, epoch: Double, steps: Int,
        texts: String? = nil
    ) -> Bool {
        let value = value ?? .nan
        let former = best?.value ?? (figure.isLowerBetter ? .infinity : -.infinity)
        waited = figure.isBetter(value, than: former, by: leastGain) ? 0 : waited + 1
        guard figure.isBetter(value, than: former) else { return false }
        best = BestRecord(epoch: epoch, steps: steps, figure: figure.name, value: value, texts: texts)
        return true
    }
}

/// The best validation so far.
package struct BestRecord: Sendable, Hashable, Codable {
    /// Passes over the examples until then, counted as in `RunLine`; 0 before the first step.
    package var epoch: Double
    /// Updates until then, over all runs on the same weights.
    package var steps: Int
    /// What decided, by its name, and what it was.
    package var figure: String
    package var value: Double
    /// Of the texts that were judged, see `RunFingerprint`; others' figures cannot be compared with these.
    package var texts: String?

    package init(epoch: Double, steps: Int, figure: String, value: Double, texts: String? = nil) {
        (self.epoch, self.steps, self.figure) = (epoch, steps, figure)
        (self.value, self.texts) = (value, texts)
    }
}

/// What a run's best validation was made with.
package struct BestWeights: Sendable {
    package var record: BestRecord
    /// Of everything that is trained, as in `TrainerState`; nil where they were not kept.
    package var weights: [NamedTensor]?

    package init(_ record: BestRecord, weights: [NamedTensor]?) {
        (self.record, self.weights) = (record, weights)
    }

    /// Bytes of its tensors.
    package var byteCount: Int { 4 * (weights ?? []).reduce(0) { $0 + $1.values.count } }
}
