import Datasets
import Diagnostics
import Foundation
import Learning
import System

/// What is written of a session's run, and what it is known by.
package final class RunFiles {
    private let plan: RunPlan
    private let settings: RunSettings
    private let words: (method: String, data: String)
    private let model: LoadedModel
    private let (examplesHash, validationHash): (String, String?)
    private let trainer: Trainer
    /// A run without a name takes the next number that is free when it first writes.
    package private(set) var name: String
    /// Whether it was begun before.
    package let isResumed: Bool
    /// When the entry was written that it goes on from.
    private let noted: Double?
    /// Where the epochs before were judged on other texts than those that follow.
    let validationRemark: String?
    /// What the run begins with, and what it stands on besides.
    private let (first, fixed): (() -> [NamedTensor], () -> [NamedTensor])
    private var known: RunFingerprint?
    private var began = wallClockSeconds()

    /// - `optimizer`: what an earlier run's has come to, which this one begins with.
    init(
        _ inputs: RunInputs, plan: RunPlan, settings: TrainerSettings, history: RunHistory,
        examplesHash: String, validationHash: String?, optimizer: OptimizerSnapshot?, trainer: Trainer,
        resuming resumed: RunToResume?
    ) {
        let (task, data, attached) = (inputs.task, inputs.data, inputs.method)
        (self.examplesHash, self.validationHash) = (examplesHash, validationHash)
        (name, known) = (plan.name, resumed?.fingerprint)
        (self.plan, self.trainer, model) = (plan, trainer, inputs.model)
        (isResumed, noted) = (resumed != nil, resumed?.noted)
        let isJudgedAnew =
            resumed?.isOver == false && resumed?.state?.epochs.isEmpty == false
            && known?.validation.map { $0 != validationHash } ?? false
        validationRemark =
            isJudgedAnew ? "the validation texts are not those that its earlier epochs were judged on" : nil
        words = (attached.summary, data.dataset.name)
        var made = RunSettings(
            model: inputs.model.request, data: data.request ?? DatasetRequest(), prompt: data.template?.name,
            instruction: data.instruction, labels: task.labels, method: attached.origin,
            maxLength: task.maxLength, headSeed: inputs.headSeed, learning: settings, start: history.start)
        made.scoring = data.scoring == .sum ? nil : data.scoring
        self.settings = made
        first = {
            attached.tuning.namedTensors + (task.parameters + task.buffers).map(\.named)
                + (optimizer?.namedTensors ?? [])
        }
        fixed = { NamedTensor.constants(of: attached.tuning.hooks) }
    }

    private var horizon: Int { settings.learning.horizon ?? trainer.totalSteps }

    private func fingerprint() throws -> RunFingerprint {
        if let known { return known }
        let made = try RunFingerprint(
            settings, horizon: horizon, model: model.weightsHash, examples: examplesHash, start: first(),
            fixed: fixed(), groups: trainer.tuning.groups, validation: validationHash)
        known = made
        return made
    }

    /// Finds out what the run is known by, while what it began with is at hand.
    package func identify() { _ = try? fingerprint() }

    /// Says what is not as it was, in a few words; nil where all is.
    ///
    /// - `isFresh`: whether it begins anew, so that its first values count.
    func change(since fingerprint: RunFingerprint, isFresh: Bool) throws -> String? {
        if examplesHash != fingerprint.examples { return "the training examples are" }
        guard fingerprint.isOfThisEngine else { return nil }
        let own = try RunFingerprint.hash(of: settings, horizon: horizon, groups: trainer.tuning.groups)
        if own != fingerprint.settings { return "the settings are" }
        if let known = fingerprint.fixed, known != RunFingerprint.hash(of: fixed()) {
            return "the matrices that \(settings.method.name) stands on are"
        }
        return isFresh && RunFingerprint.hash(of: first()) != fingerprint.start ? "the first values are" : nil
    }

    package var folder: String? { plan.place?.folder(of: name) }

    package func open() throws -> any RunStore {
        guard let place = plan.place else { return MemoryRunStore() }
        // Another session may have taken the number since this one looked.
        while !plan.isNamed, !isResumed, place.isTaken(name) {
            name = place.freshName(besides: RunName.number(of: name) ?? 0)
        }
        let folder = try RunFolder(
            place.folder(of: name), identity: fingerprint().identity, kept: plan.states.kept,
            isResumed: isResumed)
        // Between the look at it and the lock on it another process may have gone on with it.
        if let noted, let entry = try? RunFolder.entry(in: folder.path), entry.changed != noted {
            throw Diagnostic(
                "run-changed", "another process has gone on with the run \(name) meanwhile",
                hint: "write resume \(name) again")
        }
        return folder
    }

    package func entry(_ status: RunEntry.Status, _ state: RunState?) throws -> RunEntry {
        return RunEntry(
            name: name, status: status, settings: settings, fingerprint: try fingerprint(),
            states: plan.states, method: words.method, data: words.data, began: began,
            changed: wallClockSeconds(),
            step: state?.step ?? 0,
            steps: trainer.totalSteps,
            loss: state.flatMap { state in
                TrainingRun.smoothedLoss(
                    of: state.earlier.steps + state.trainer.history,
                    planned: state.earlier.start.steps + trainer.totalSteps)
            })
    }

    package func kept(_ record: TrainingRun, _ state: RunState, isFinished: Bool, folder: String?) -> KeptRun
    {
        KeptRun(
            name: name, isNamed: plan.isNamed, settings: settings, fingerprint: known,
            examples: examplesHash, record: record, states: plan.states, state: state,
            isFinished: isFinished, folder: folder)
    }
}
