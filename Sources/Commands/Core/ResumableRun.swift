import Compute
import Datasets
import Diagnostics
import Foundation
import Interchange
import Learning
import Models
import Training

/// A run to go on with: the session's own, or one of the folder of runs.
struct ResumableRun {
    private let name: String
    private let isNamed: Bool
    private let settings: RunSettings
    private let fingerprint: RunFingerprint?
    /// nil where none was written yet: it begins at its beginning.
    private let state: RunState?
    private let states: StatePlan
    private let place: RunPlace?
    /// Whether it was another session's, as far as is known.
    private let isFromFolder: Bool
    /// Whether nothing is left to be trained: only its weights are wanted.
    let isOver: Bool

    /// - `name`: nil for the session's own, else the newest that is not finished.
    /// - Throws: `no-run`, `finished`, `busy`, `bad-state`.
    init(named name: String?, anyway: Bool, in context: Context) throws {
        let name = name.map { RunName.whole($0) }
        if let kept = context.state.engine.kept, name.map({ $0 == kept.name }) ?? !kept.isFinished {
            guard !kept.isFinished else { throw Self.finished(kept.name) }
            (self.name, isNamed, settings) = (kept.name, kept.isNamed, kept.settings)
            (fingerprint, state, states) = (kept.fingerprint, kept.state, kept.states)
            let folder = kept.folder.map {
                RunPlace(URL(filePath: $0).deletingLastPathComponent().relativePath)
            }
            place = states.writesNone ? nil : folder ?? context.runPlace
            (isFromFolder, isOver) = (false, false)
            return
        }
        guard let place = context.runPlace else {
            throw Diagnostic("no-run", "there is no interrupted run", hint: "write train, which begins one")
        }
        let found = try Self.found(name, in: place)
        guard !found.isRunning else {
            throw Diagnostic(
                "busy", "the run \(found.entry.name) is at work in another process",
                hint: "wait until it has ended, or interrupt it there")
        }
        self.name = found.entry.name
        isNamed = RunName.number(of: found.entry.name) == nil
        (settings, states) = (found.entry.settings, found.entry.states)
        self.place = states.writesNone ? nil : place
        (isFromFolder, isOver) = (true, found.entry.status == .finished)
        try Self.check(found.entry.fingerprint, name: self.name, anyway: anyway)
        let output = context.output
        state = try RunFolder.state(in: found.folder, identity: found.entry.fingerprint.identity) { problem in
            output.note("\(problem.message); the state before it is taken")
        }
        // From here on its bytes are this processor's.
        var known = found.entry.fingerprint
        (known.processor, known.engine) = (Processor.kind, RunFingerprint.currentEngine)
        fingerprint = known
        let isFresh = settings.start.steps == 0 && settings.method.folder == nil && found.entry.step == 0
        guard state != nil || isFresh else {
            throw Diagnostic(
                "bad-state", "the run \(self.name) has no state, and what it went on from is gone")
        }
    }

    private static func found(_ name: String?, in place: RunPlace) throws -> RunPlace.Found {
        if let name {
            return try place.run(named: name)
        }
        guard let found = place.runs.first(where: { $0.entry.status != .finished && !$0.isRunning }) else {
            throw Diagnostic(
                "no-run", "there is no interrupted run, here or in \(place.path)",
                hint: "write train, which begins one")
        }
        return found
    }

    private static func finished(_ name: String) -> Diagnostic {
        Diagnostic(
            "finished", "the run \(name) has come to its end",
            hint: "write train, which goes on from its weights")
    }

    private static func check(_ fingerprint: RunFingerprint, name: String, anyway: Bool) throws {
        guard !anyway else { return }
        let hint = "resume \(name) anyway=yes goes on all the same, with other bytes than it would have had"
        guard fingerprint.processor == Processor.kind else {
            throw Diagnostic(
                "other-processor",
                "the run \(name) was begun on \(fingerprint.processor), and this is \(Processor.kind)",
                hint: hint)
        }
        guard fingerprint.engine == RunFingerprint.currentEngine else {
            throw Diagnostic(
                "other-engine",
                "the run \(name) was begun with engine \(fingerprint.engine), and this is \(RunFingerprint.currentEngine)",
                hint: hint)
        }
    }

    /// Model, data, method and task as they were when the run began, and its trainer where it was.
    ///
    /// What the session has of them is used as it is.
    ///
    /// - Throws: `run-changed` that names what is not as it was; what loading brings up.
    func session(in context: inout Context) throws -> TrainingSession {
        var engine = context.state.engine
        try restoreModel(&engine, in: context)
        try restoreMethod(&engine, in: context)
        try restoreData(&engine, in: context)
        let made = try TaskRegistry.task(
            for: TaskRequest(
                engine.requiredModel(for: "resume"), engine.requiredData(for: "resume"),
                maxLength: settings.maxLength, under: engine.method?.tuning, seed: settings.headSeed))
        _ = try engine.method?.head?.fill(made)
        (engine.task, engine.maxLength) = (made, settings.maxLength)
        if let seen = state?.seen { engine.seen = seen }
        engine.kept = nil
        let session = try TrainingSession(
            engine: engine, task: made, headSeed: settings.headSeed, settings: settings.learning,
            plan: RunPlan(name: name, isNamed: isNamed, states: states, place: place),
            resumed: (state, fingerprint), in: context)
        if let fingerprint, let what = try session.change(since: fingerprint, isFresh: state == nil) {
            throw changed(what)
        }
        // Counted as the panel does, over all runs on the same weights.
        let step = (state?.earlier.start.steps ?? 0) + (state?.step ?? 0)
        context.output.note(
            isOver
                ? "\(name) had come to its end at step \(step): its weights are here again"
                : "\(name) goes on at step \(step)")
        if isFromFolder, context.state.settings.seed != Int(settings.headSeed) {
            context.state.settings.seed = Int(settings.headSeed)
            context.output.note("set seed=\(settings.headSeed) holds again, as when \(name) was begun")
        }
        return session
    }

    private func changed(_ what: String) -> Diagnostic {
        Diagnostic(
            "run-changed", "the run \(name) cannot go on: \(what) not as it was",
            hint: "bring back what it was begun with, or begin a new run with train")
    }

    private func restoreModel(_ engine: inout EngineState, in context: Context) throws {
        if engine.model?.request != settings.model {
            engine.adopt(try ModelCatalog.load(settings.model, in: context.loading()))
        }
        guard let fingerprint, let loaded = engine.model else { return }
        guard loaded.weightsHash == fingerprint.model else {
            throw changed("weights or configuration of \(loaded.name) are")
        }
    }

    private func restoreMethod(_ engine: inout EngineState, in context: Context) throws {
        let loaded = try engine.requiredModel(for: "resume")
        if state != nil, let method = engine.method, method.origin == settings.method { return }
        guard let folder = settings.method.folder else {
            engine.adopt(
                try changed(
                    AttachedMethod(settings.method.method(), to: loaded, seed: settings.method.seed),
                    of: loaded))
            return
        }
        let ignored = Set(settings.method.ignored)
        let opened: any OpenedTuning =
            OpenedModel.isModel(folder)
            ? try OpenedModel(folder: folder, for: loaded.model, ignoring: ignored)
            : try AdapterFolder.open(folder, for: loaded.model, ignoring: ignored)
        engine.adopt(
            try changed(
                AttachedMethod(
                    opened, to: loaded, seed: settings.method.seed, head: opened.head, folder: folder,
                    ignoring: ignored), of: loaded))
    }

    /// With what was frozen and unfrozen before the run began.
    private func changed(_ attached: AttachedMethod, of loaded: LoadedModel) throws -> AttachedMethod {
        try (settings.method.changes ?? []).reduce(attached) { try $0.changed(by: $1, of: loaded.model) }
    }

    private func restoreData(_ engine: inout EngineState, in context: Context) throws {
        let template = try settings.prompt.map { try TemplateRegistry.named($0) }
        if let data = engine.data, data.request == settings.data, data.template?.name == settings.prompt,
            data.instruction == settings.instruction, data.dataset.labels == settings.labels
        {
            return
        }
        var dataset = try DatasetRegistry.load(settings.data, in: context.loading())
        dataset = dataset.arranged(as: settings.labels) ?? dataset
        engine.data = LoadedData(
            dataset: dataset, template: template, instruction: settings.instruction, request: settings.data)
    }
}
