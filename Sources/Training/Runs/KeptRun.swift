/// A session's last run: what it has done, and all that it takes to go on.
package struct KeptRun: Sendable {
    package let name: String
    /// Whether the person gave the name.
    package let isNamed: Bool
    package let settings: RunSettings
    /// nil where nothing of it was written.
    package let fingerprint: RunFingerprint?
    /// Of its training examples, see `RunFingerprint`.
    package let examples: String
    package internal(set) var record: TrainingRun
    package let states: StatePlan
    package let state: RunState
    /// Whether it came to its end, its last epoch judged.
    package let isFinished: Bool
    /// Where its states lie; nil where none were written.
    package let folder: String?

    /// Whether no folder has what its weights have become.
    package var isInMemoryAlone: Bool { folder == nil || (isFinished && !isNamed) }

    package init(
        name: String, isNamed: Bool, settings: RunSettings, fingerprint: RunFingerprint?, examples: String,
        record: TrainingRun, states: StatePlan, state: RunState, isFinished: Bool, folder: String?
    ) {
        (self.name, self.isNamed, self.settings, self.fingerprint) = (name, isNamed, settings, fingerprint)
        (self.examples, self.record, self.states) = (examples, record, states)
        (self.state, self.isFinished, self.folder) = (state, isFinished, folder)
    }
}
