import Datasets
import Diagnostics
import Display
import JSON
import Learning
import Models
import Training

/// One run at work in a session: what is said of it meanwhile, and what the session keeps of it.
final class TrainingSession {
    let engine: EngineState
    let task: any LearningTask
    let loaded: LoadedModel
    let data: LoadedData
    let attached: AttachedMethod
    let trainer: Trainer
    let settings: TrainerSettings
    let plan: RunPlan
    /// Examples that lost their end.
    let cutCount: Int
    /// Tokens of the part that is judged after each epoch.
    let validationTokens: Int
    /// What is to be known of how it goes on from earlier runs.
    let remarks: [String]
    /// What the trainer's examples were made of.
    private let examples: [Example]
    private let examplesHash: String
    private let training: Run
    private let keeper: RunKeeper
    private let files: RunFiles
    /// The session's task afterwards: others may still have this one, as it was.
    private let successor: any LearningTask

    /// - `headSeed`: of the first values of the task's head; `plan`: what the run is called, and where its states go.
    /// - `resumed`: the state that it goes on from, with what it is known by; nil begins it.
    init(
        engine: EngineState, task: any LearningTask, headSeed: UInt64, settings: TrainerSettings,
        plan: RunPlan,
        resumed: (state: RunState?, fingerprint: RunFingerprint?)? = nil, in context: Context
    ) throws {
        guard let loaded = engine.model, let data = engine.data, let attached = engine.method else {
            throw Diagnostic("no-model", "train needs a model, data and a method")
        }
        let labelled = data.dataset.train.filter { task.encoder.hasAnswer($0) }
        guard !labelled.isEmpty else {
            throw Diagnostic(
                "no-examples", "the data set \(data.dataset.name) has no training examples",
                hint: "load it with train=…")
        }
        let (workers, interruption) = (context.workers, context.interruption)
        let examples = try task.encoder.encode(
            labelled, Pass.Randomness(seed: settings.seed, step: 0), workers: workers,
            interruption: interruption)
        // Encoded once, judged after every epoch.
        let validation =
            try data.dataset.validation.isEmpty
            ? nil
            : EncodedPart(
                data.dataset, .validation, for: task, workers: workers, interruption: interruption)
        validationTokens = validation?.tokenCount ?? 0
        self.examples = labelled
        (self.engine, self.task, self.loaded, self.data) = (engine, task, loaded, data)
        (self.attached, self.settings, self.plan) = (attached, settings, plan)
        successor = try TaskRegistry.task(
            for: TaskRequest(
                loaded, data, maxLength: task.maxLength, under: attached.tuning, seed: headSeed))
        cutCount = examples.count { $0.cut > 0 }
        examplesHash = RunFingerprint.hash(of: examples)
        var earlier =
            resumed == nil
            ? Continuation(
                of: engine.kept, method: attached.declaration.name, with: settings.optimizer, on: examplesHash
            )
            : Continuation(resumed?.state?.earlier)
        func trainer(_ optimizer: OptimizerSnapshot?) throws -> Trainer {
            try Trainer(
                model: loaded.model, task: task, tuning: attached.tuning.copy(),
                examples: examples, settings: settings, workers: workers, start: earlier.history.start,
                continuing: optimizer)
        }
        do {
            self.trainer = try trainer(earlier.optimizer)
        } catch let problem as Diagnostic where problem.code == "bad-state" && earlier.optimizer != nil {
            earlier.dropOptimizer()
            self.trainer = try trainer(nil)
        }
        remarks = earlier.remarks
        let trainer = self.trainer
        let files = RunFiles(
            plan: plan, loaded: loaded, data: data, attached: attached,
            labels: task.labels, maxLength: task.maxLength, headSeed: headSeed, settings: settings,
            history: earlier.history, examplesHash: examplesHash, fingerprint: resumed?.fingerprint,
            first: { [optimizer = earlier.optimizer] in
                attached.tuning.namedTensors + (task.parameters + task.buffers).map(\.named)
                    + (optimizer?.namedTensors ?? [])
            }, trained: trainer.trainedParameters, steps: trainer.totalSteps,
            isResumed: resumed != nil)
        self.files = files
        let now = context.surroundings.now
        keeper = RunKeeper(
            plan.place == nil ? StatePlan(seconds: nil) : plan.states, from: resumed?.state?.step ?? 0,
            isResumed: resumed != nil, now: now, entry: files.entry, opening: files.open)
        let (seen, texts) = (engine.seen, labelled)
        training = try Run(
            trainer, after: earlier.history, seen: engine.seen, from: resumed?.state, keeper: keeper,
            now: now
        ) { interruption, judging in
            try validation?.evaluate(
                loaded.model, under: trainer.tuning, seen: seen.adding(trainer.learned, of: texts),
                workers: workers, interruption: interruption, progress: judging)
        }
    }

    /// - `expected`: seconds that it is thought to take.
    /// - Throws: `Interrupted` with whole steps kept, and nothing without one; anything else with nothing kept.
    func run(expecting expected: Double, in context: inout Context) throws -> any Displayable {
        try begin(in: context)
        let display = TrainingDisplay(
            training, expected: expected, hasValidation: !data.dataset.validation.isEmpty, in: context)
        do {
            display.begin()
            try goOn(display, in: context)
        } catch is Interrupted {
            var note = PanelNote("nothing was trained yet: all is as it was")
            if trainer.step > 0 { note = stop(in: &context) } else if !files.isResumed { keeper.remove() }
            _ = display.finish(
                .stopped, detail: display.stopped, notes: [note], report: report(in: context))
            throw Interrupted(isSaid: true)
        } catch {
            // What was written before this try began is still good.
            if !files.isResumed { keeper.remove() }
            _ = display.finish(.stopped, detail: "failed", report: report(in: context))
            throw error
        }
        let state = training.state
        if plan.isNamed, plan.place != nil {
            say(keeper.keep(state, as: .finished), in: context)
        } else {
            keeper.remove()
        }
        keep(state, isFinished: true, in: &context)
        return display.finish(.finished, detail: display.outcome, report: report(in: context))
    }

    private func report(in context: Context) -> TrainingReport {
        TrainingReport(run: record, showsTimes: context.state.settings.showsTimes)
    }

    /// A run with a name is known from its beginning on, and one that is resumed is nobody else's.
    private func begin(in context: Context) throws {
        guard plan.place != nil, plan.isNamed || files.isResumed else { return }
        do {
            if files.isResumed {
                try keeper.claim()
            } else if training.earlier.start.steps > 0 || attached.origin.folder != nil {
                try keeper.claim()
                say(keeper.keep(training.state, as: .running), in: context)
            } else {
                try keeper.begin()
            }
        } catch let problem as Diagnostic where problem.code != "busy" {
            say(.unwritten(problem), in: context)
        }
    }

    private func goOn(_ display: TrainingDisplay, in context: Context) throws {
        while true {
            let event = try training.advance(context.interruption) { display.note(judged: $0, of: $1) }
            display.note(event)
            switch event {
            case .step: try context.interruption.check()
            case .untuned, .epoch, .state: break
            case .unwritten: say(event, in: context)
            case .finished: return
            }
        }
    }

    private func say(_ event: RunEvent?, in context: Context) {
        guard case .unwritten(let problem) = event else { return }
        context.output.note(
            "the run's state was not written and is in memory alone: \(problem.message)"
                + (problem.hint.map { " (\($0))" } ?? ""))
    }

    /// - Returns: what is kept, and how it goes on.
    private func stop(in context: inout Context) -> PanelNote {
        let state = training.state
        if plan.place != nil { files.identify() }
        var isWritten = false
        if plan.place != nil, !plan.states.writesNone {
            let event = keeper.keep(state, as: .interrupted)
            say(event, in: context)
            if case .state? = event { isWritten = true }
        }
        keep(state, isFinished: false, in: &context)
        context.keep()
        let first = trainer.start.steps
        let place = isWritten ? files.folder.map { " in \($0)" } ?? "" : " in memory"
        return PanelNote([
            .text(
                "stopped at step \(first + trainer.step) of \(first + trainer.totalSteps); \(files.name) is kept\(place): "
            ),
            .code("resume"), .text(" finishes it, "), .code("train"), .text(" goes on from its weights"),
        ])
    }

    /// Says what of a run is not as it was, in a few words; nil where all is.
    ///
    /// - `isFresh`: whether it begins anew, so that its first values count.
    func change(since fingerprint: RunFingerprint, isFresh: Bool) throws -> String? {
        if examplesHash != fingerprint.examples { return "the training examples are" }
        if try files.settingsHash != fingerprint.settings { return "the settings are" }
        return isFresh && files.firstValues != fingerprint.start ? "the first values are" : nil
    }

    private var record: TrainingRun {
        training.record(name: files.name, method: attached.summary, data: data.dataset.name)
    }

    // MARK: - What stays

    private func keep(_ state: RunState, isFinished: Bool, in context: inout Context) {
        let record = record
        var engine = engine
        engine.method = attached.with(trainer.commit(into: successor))
        engine.task = successor
        engine.run = record
        engine.runCount = max(engine.runCount, RunName.number(of: files.name) ?? engine.runCount)
        engine.kept = files.kept(
            record, state, isFinished: isFinished, folder: keeper.tally.written > 0 ? files.folder : nil)
        engine.seen = state.seen.adding(trainer.learned, of: examples)
        engine.evaluation = nil
        engine.isHeadTrained = true
        if isFinished || keeper.tally.written > 0 { forget(self.engine.kept) }
        context.state.engine = engine
        context.state.metrics["loss"] = .number(record.finalLoss)
        context.state.metrics["steps"] = .integer(record.ownSteps.count)
        if let figure = record.ownEpochs.last?.validation?.metrics.figures.first {
            context.state.metrics["validation_\(figure.name)"] = .number(figure.value)
        }
    }
}

extension TrainingSession {
    /// Removes what an earlier run without a name has written: this one stands on its weights.
    private func forget(_ earlier: KeptRun?) {
        guard let earlier, !earlier.isNamed, let folder = earlier.folder, folder != files.folder else {
            return
        }
        try? RunFolder.remove(folder)
    }
}

extension SeenTexts {
    /// With those examples that were learned from.
    fileprivate func adding(_ learned: Set<Int>, of examples: [Example]) -> SeenTexts {
        var seen = self
        seen.add(learned.lazy.map { examples[$0] })
        return seen
    }
}
