import Datasets
import Diagnostics
import Foundation
import Learning

/// What is written of a session's run, and what it is known by.
package final class RunFiles {
    private let plan: RunPlan
    private let settings: RunSettings
    private let words: (method: String, data: String)
    private let examplesHash: String
    private let steps: Int
    /// Whether it was begun before.
    package let isResumed: Bool
    private let made: () throws -> RunFingerprint
    private let first: () -> [NamedTensor]
    private var known: RunFingerprint?
    private var began = RunFiles.clock()

    package init(
        plan: RunPlan, loaded: LoadedModel, data: LoadedData, attached: AttachedMethod, labels: [String],
        maxLength: Int, headSeed: UInt64,
        settings: TrainerSettings, history: RunHistory, examplesHash: String, fingerprint: RunFingerprint?,
        first: @escaping () -> [NamedTensor], trained: [Parameter], steps: Int, isResumed: Bool
    ) {
        (self.plan, self.steps, self.isResumed, self.examplesHash) = (plan, steps, isResumed, examplesHash)
        words = (attached.summary, data.dataset.name)
        let settings = RunSettings(
            model: loaded.request, data: data.request ?? DatasetRequest(), prompt: data.template?.name,
            instruction: data.instruction, labels: labels, method: attached.origin,
            maxLength: maxLength, headSeed: headSeed, learning: settings, start: history.start)
        self.settings = settings
        known = fingerprint
        self.first = first
        made = {
            try RunFingerprint(
                settings, horizon: settings.learning.horizon ?? steps, model: loaded.weightsHash,
                examples: examplesHash, start: first(), trained: trained)
        }
    }

    private func fingerprint() throws -> RunFingerprint {
        if let known { return known }
        let made = try made()
        known = made
        return made
    }

    /// SHA-256 of the values that a run over what is at hand begins with.
    package var firstValues: String { RunFingerprint.hash(of: first()) }

    /// Finds out what the run is known by, while what it began with is at hand.
    package func identify() { _ = try? fingerprint() }

    package var folder: String? { plan.place?.folder(of: plan.name) }

    package func open() throws -> any RunStore {
        guard let folder else { return MemoryRunStore() }
        let store = try RunFolder(folder, identity: fingerprint().identity, kept: plan.states.kept)
        if !isResumed { store.removeStates() }
        return store
    }

    package func entry(_ status: RunEntry.Status, _ state: RunState) throws -> RunEntry {
        let tail = state.trainer.history.suffix(10)
        return RunEntry(
            name: plan.name, status: status, settings: settings, fingerprint: try fingerprint(),
            states: plan.states, method: words.method, data: words.data, began: began, changed: Self.clock(),
            step: state.step,
            steps: steps, loss: tail.isEmpty ? nil : tail.reduce(0) { $0 + $1.loss } / Double(tail.count))
    }

    package func kept(_ record: TrainingRun, _ state: RunState, folder: String?) -> KeptRun {
        KeptRun(
            name: plan.name, isNamed: plan.isNamed, settings: settings, fingerprint: known,
            examples: examplesHash, record: record, states: plan.states, state: state, folder: folder)
    }

    private static func clock() -> Double { Date().timeIntervalSince1970 }
}
