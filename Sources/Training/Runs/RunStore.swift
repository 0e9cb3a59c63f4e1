import Learning

/// Where one run writes what becomes of it.
///
/// A run has a store to itself while it runs; its calls come from one thread.
package protocol RunStore: AnyObject, Sendable {
    /// Notes how the run stands, for whoever lists runs.
    func note(_ entry: RunEntry) throws

    /// Keeps a state in the place of the oldest one that is kept.
    ///
    /// - Returns: bytes that it takes.
    func write(_ state: RunState) throws -> Int

    /// Whether this run's entry is there.
    var hasEntry: Bool { get }

    /// Whether a former run of its name is there, which is put aside by the first note.
    var hasFormer: Bool { get }

    /// Forgets the former run that was put aside.
    func removeFormer()

    /// Forgets all of it, and brings back what was put aside.
    func remove() throws
}

/// How a run stands.
package struct RunEntry: Sendable, Codable {
    package enum Status: String, Sendable, Codable {
        case running, interrupted, finished
    }

    package var name: String
    package var status: Status
    package var settings: RunSettings
    package var fingerprint: RunFingerprint
    package var states: StatePlan
    /// In words: `lora r=8 alpha=16`, `imdb`.
    package var method, data: String
    /// Seconds since 1970.
    @ClockSeconds package var began: Double
    @ClockSeconds package var changed: Double
    /// Steps of the last state that was written; of all that the run makes.
    package var step, steps: Int
    /// Mean of the last tenth of its steps, in nats.
    package var loss: Double?

    package init(
        name: String, status: Status, settings: RunSettings, fingerprint: RunFingerprint,
        states: StatePlan, method: String, data: String, began: Double, changed: Double, step: Int,
        steps: Int, loss: Double? = nil
    ) {
        (self.name, self.status, self.settings, self.fingerprint) = (name, status, settings, fingerprint)
        (self.states, self.method, self.data) = (states, method, data)
        (self.began, self.changed) = (began, changed)
        (self.step, self.steps, self.loss) = (step, steps, loss)
    }
}

/// How often a run writes a state, and how many of them are kept.
package struct StatePlan: Sendable, Hashable, Codable {
    /// Between two states; nil for none by time.
    package var seconds: Double?
    /// Steps between two states; nil for none by steps.
    package var steps: Int?
    package var kept: Int
    /// Of the time between two states that writing one may take: where it took longer, the next one waits; nil for any.
    package var share: Double?

    package init(seconds: Double?, steps: Int? = nil, kept: Int = 1, share: Double? = nil) {
        (self.seconds, self.steps, self.kept, self.share) = (seconds, steps, kept, share)
    }

    /// What few values take is written often; what takes long to write is written seldom, on a slow disk more so.
    package static func usual(keepsMatrices: Bool) -> StatePlan {
        StatePlan(seconds: keepsMatrices ? 30 : 300, share: 0.02)
    }

    package var writesNone: Bool { seconds == nil && steps == nil }

    /// - `since`: seconds since the last state was written, which took `cost` seconds.
    func isDue(step: Int, lastStep: Int, since: Double, cost: Double) -> Bool {
        if step == lastStep { return false }
        if let steps, step - lastStep >= steps { return true }
        return seconds.map { since >= max($0, share.map { cost / $0 } ?? 0) } ?? false
    }
}

/// In memory alone: for tests, and where nothing can be written.
package final class MemoryRunStore: RunStore, @unchecked Sendable {
    package private(set) var entry: RunEntry?
    package private(set) var states: [RunState] = []
    private let kept: Int

    package init(kept: Int = 1) { self.kept = kept }

    package var hasEntry: Bool { entry != nil }
    package let hasFormer = false
    package func removeFormer() {}
    package func note(_ entry: RunEntry) { self.entry = entry }

    package func write(_ state: RunState) -> Int {
        states = (states + [state.copy()]).suffix(kept)
        return state.byteCount
    }

    package func remove() { (entry, states) = (nil, []) }
}

extension RunState {
    /// The same with values of its own.
    package func copy() -> RunState {
        var other = self
        other.trainer.weights = trainer.weights.map {
            NamedTensor(name: $0.name, shape: $0.shape, values: $0.values.copy())
        }
        other.trainer.optimizer = OptimizerSnapshot(
            optimizer: trainer.optimizer.optimizer, stepCount: trainer.optimizer.stepCount,
            tensors: trainer.optimizer.tensors.map { ($0.name, $0.values.copy()) })
        return other
    }
}
