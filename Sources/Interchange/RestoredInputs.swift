import Datasets
import Diagnostics
import Fetching
import Learning
import Training

/// What a session has at hand, of which a run to resume takes what is as it was.
package struct AtHand {
    package let model: LoadedModel?
    package let method: AttachedMethod?
    package let data: LoadedData?
    package let seen: SeenTexts

    package init(model: LoadedModel?, method: AttachedMethod?, data: LoadedData?, seen: SeenTexts) {
        (self.model, self.method, self.data, self.seen) = (model, method, data, seen)
    }
}

extension RunToResume {
    /// Model, data, method and task as they were when the run began.
    ///
    /// - Throws: `run-changed` that names what is not as it was; what loading brings up.
    package func inputs(_ hand: AtHand, in loading: FetchContext) throws -> RunInputs {
        let isSameModel = hand.model?.request == settings.model
        let model =
            try hand.model.flatMap { isSameModel ? $0 : nil }
            ?? ModelCatalog.load(settings.model, in: loading)
        if let fingerprint, fingerprint.isOfThisEngine, model.weightsHash != fingerprint.model {
            throw changed("weights or configuration of \(model.name) are")
        }
        let own = hand.method.flatMap {
            isSameModel && state != nil && $0.origin == settings.method ? $0 : nil
        }
        let method = try own ?? restoredMethod(on: model)
        let data = try restoredData(hand.data, in: loading)
        let task = try TaskRegistry.task(
            for: TaskRequest(
                model, data, maxLength: settings.maxLength, under: method.tuning, seed: settings.headSeed))
        if let head = method.head, head.fits(task.labels) { _ = try head.fill(task) }
        return try RunInputs(
            model: model, data: data, method: method, task: task, headSeed: settings.headSeed,
            seen: state?.seen ?? (own == nil ? model.seen : hand.seen), kept: nil,
            sets: isOver
                ? []
                : ValidationSet.all(
                    settings.learning.judging ?? JudgingSettings(), of: data.dataset
                ) { try DatasetRegistry.load($0, isLearned: false, in: loading) })
    }

    /// With what was frozen and unfrozen before the run began.
    private func restoredMethod(on loaded: LoadedModel) throws -> AttachedMethod {
        let origin = settings.method
        let attached: AttachedMethod
        if let folder = origin.folder {
            let ignored = Set(origin.ignored)
            let opened: any OpenedTuning
            do {
                opened =
                    OpenedModel.isModel(folder)
                    ? try OpenedModel(folder: folder, for: loaded.model, ignoring: ignored)
                    : try AdapterFolder.open(folder, for: loaded.model, ignoring: ignored)
            } catch let problem as Diagnostic {
                throw Diagnostic(
                    problem.code,
                    "the run \(name) goes on from what was opened from \(folder): \(problem.message)",
                    hint: "put back there what lay there when it was begun")
            }
            attached = try AttachedMethod(
                opened, to: loaded, seed: origin.seed, head: opened.anyHead, folder: folder, ignoring: ignored
            )
        } else {
            attached = try AttachedMethod(origin.method(), to: loaded, seed: origin.seed, head: loaded.head)
        }
        return try (origin.changes ?? []).reduce(attached) { try $0.changed(by: $1, of: loaded.model) }
    }

    private func restoredData(_ own: LoadedData?, in loading: FetchContext) throws -> LoadedData {
        let template = try settings.prompt.map { try TemplateRegistry.named($0) }
        if let own, own.request == settings.data, own.template?.name == settings.prompt,
            own.instruction == settings.instruction, own.scoring == settings.scoring ?? .sum,
            own.dataset.labels == settings.labels
        {
            return own
        }
        let dataset = try DatasetRegistry.load(settings.data, in: loading)
        return LoadedData(
            dataset: dataset.arranged(as: settings.labels) ?? dataset, template: template,
            instruction: settings.instruction, scoring: settings.scoring ?? .sum, request: settings.data)
    }
}
