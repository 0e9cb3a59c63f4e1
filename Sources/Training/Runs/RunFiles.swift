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
    /// A run without a name takes the next number that is free when it first writes.
    package private(set) var name: String
    /// Whether it was begun before.
    package let isResumed: Bool
    private let made: () throws -> RunFingerprint
    private let first: () -> [NamedTensor]
    private let trained: [Parameter]
    private var known: RunFingerprint?
    private var began = RunFiles.clock()

    package init(
        plan: RunPlan, loaded: LoadedModel, data: LoadedData, attached: AttachedMethod, labels: [String],
        maxLength: Int, headSeed: UInt64,
        settings: TrainerSettings, history: RunHistory, examplesHash: String, fingerprint: RunFingerprint?,
        first: @escaping () -> [NamedTensor], trained: [Parameter], steps: Int, isResumed: Bool
    ) {
        (self.plan, self.steps, self.isResumed, self.examplesHash) = (plan, steps, isResumed, examplesHash)
        name = plan.name
        words = (attached.summary, data.dataset.name)
        let settings = RunSettings(
            model: loaded.request, data: data.request ?? DatasetRequest(), prompt: data.template?.name,
            instruction: data.instruction, labels: labels, method: attached.origin,
            maxLength: maxLength, headSeed: headSeed, learning: settings, start: history.start)
        self.settings = settings
        known = fingerprint
        (self.first, self.trained) = (first, trained)
        let hooks = attached.tuning.hooks
        made = {
            try RunFingerprint(
                settings, horizon: settings.learning.horizon ?? steps, model: loaded.weightsHash,
                examples: examplesHash, start: first() + NamedTensor.constants(of: hooks), trained: trained)
        }
    }

    private func fingerprint() throws -> RunFingerprint {
        if let known { return known }
        let made = try made()
        known = made
        return made
    }

    /// SHA-256 of the settings that it has, see `RunFingerprint`.
    package var settingsHash: String {
        get throws {
            try RunFingerprint.hash(
                of: settings, horizon: settings.learning.horizon ?? steps, trained: trained)
        }
    }

    /// SHA-256 of the values that a run over what is at hand begins with.
    package var firstValues: String { RunFingerprint.hash(of: first()) }

    /// Finds out what the run is known by, while what it began with is at hand.
    package func identify() { _ = try? fingerprint() }

    package var folder: String? { plan.place?.folder(of: name) }

    package func open() throws -> any RunStore {
        guard let place = plan.place else { return MemoryRunStore() }
        // Another session may have taken the number since this one looked.
        while !plan.isNamed, !isResumed, place.isTaken(name) {
            name = place.freshName(besides: RunName.number(of: name) ?? 0)
        }
        return try RunFolder(
            place.folder(of: name), identity: fingerprint().identity, kept: plan.states.kept,
            isResumed: isResumed)
    }

    package func entry(_ status: RunEntry.Status, _ state: RunState?) throws -> RunEntry {
        let tail = state?.trainer.history.suffix(10) ?? []
        return RunEntry(
            name: name, status: status, settings: settings, fingerprint: try fingerprint(),
            states: plan.states, method: words.method, data: words.data, began: began, changed: Self.clock(),
            step: state?.step ?? 0,
            steps: steps, loss: tail.isEmpty ? nil : tail.reduce(0) { $0 + $1.loss } / Double(tail.count))
    }

    package func kept(_ record: TrainingRun, _ state: RunState, isFinished: Bool, folder: String?) -> KeptRun
    {
        KeptRun(
            name: name, isNamed: plan.isNamed, settings: settings, fingerprint: known,
            examples: examplesHash, record: record, states: plan.states, state: state,
            isFinished: isFinished, folder: folder)
    }

    private static func clock() -> Double { Date().timeIntervalSince1970 }
}
