import Compute
import Datasets
import Diagnostics
import Foundation
import Learning

/// A run that is ready to begin or to go on: its examples are encoded, its trainer is made, and it knows where its
/// states go.
///
/// Whoever shows it calls `begin`, advances `run`, and in the end `finish`, `interrupt` or `giveUp`. It is used from one
/// thread at a time.
package final class PreparedRun {
    package let inputs: RunInputs
    package let settings: TrainerSettings
    package let plan: RunPlan
    package let trainer: Trainer
    package let run: Run
    /// Examples that lost their end.
    package let cutCount: Int
    /// Examples that nothing can be learned of.
    package let leftOut: LeftOut
    /// Examples that began or ended with a special token which the tokenizer adds itself.
    package let doubledCount: Int
    /// Tokens of what is judged each time.
    package let validationTokens: Int
    /// What is to be known of how it goes on from earlier runs.
    package let remarks: [String]
    /// What the trainer's examples were made of.
    let examples: [Example]
    private let keeper: RunKeeper
    private let files: RunFiles
    /// The task afterwards: others may still have that of the inputs, as it was.
    private let successor: any LearningTask
    /// Whether only its weights are wanted, which lie where they lay.
    private let isOver: Bool

    /// - `plan`: what the run is called, and where its states go; `now`: seconds on a clock.
    /// - `resumed`: what it goes on from; nil begins it.
    /// - Throws: `no-examples`; what the trainer and the task bring up; `bad-state`; `Interrupted`.
    package init(
        _ inputs: RunInputs, settings: TrainerSettings, plan: RunPlan, resuming resumed: RunToResume? = nil,
        workers: Workers, interruption: Interruption, now: @escaping () -> Double
    ) throws {
        var inputs = inputs
        inputs.task = inputs.task.adopting(settings.preference)
        (self.inputs, self.settings, self.plan) = (inputs, settings, plan)
        isOver = resumed?.isOver == true
        let (loaded, data, task) = (inputs.model, inputs.data, inputs.task)
        let learnable = try inputs.learnable(
            seed: settings.seed, workers: workers, interruption: interruption)
        let (texts, examples) = (learnable.examples, learnable.encoded)
        (self.examples, leftOut) = (texts, learnable.leftOut)
        cutCount = examples.count { $0.cut > 0 }
        doubledCount = examples.count { $0.doubled > 0 }
        let validation = try Validation(
            inputs.sets, for: task, samples: settings.judging?.samples ?? 0, seed: settings.seed,
            workers: workers, interruption: interruption)
        validationTokens = validation?.tokenCount ?? 0
        successor = try TaskRegistry.task(
            for: TaskRequest(
                loaded, data, maxLength: task.maxLength, under: inputs.method.tuning, seed: inputs.headSeed)
        ).adopting(settings.preference)
        let examplesHash = RunFingerprint.hash(of: examples)
        var earlier =
            resumed == nil
            ? Continuation(
                of: inputs.kept, method: inputs.method.declaration.name, with: settings.optimizer,
                on: examplesHash)
            : Continuation(resumed?.state?.earlier)
        func trainer(_ optimizer: OptimizerSnapshot?) throws -> Trainer {
            try Trainer(
                model: loaded.model, task: task, tuning: inputs.method.tuning.copy(),
                examples: examples, settings: settings, workers: workers, start: earlier.history.start,
                continuing: optimizer,
                isUntuned: inputs.seen.isUntuned(under: inputs.method.tuning))
        }
        do {
            self.trainer = try trainer(earlier.optimizer)
        } catch let problem as Diagnostic where problem.code == "bad-state" && earlier.optimizer != nil {
            earlier.dropOptimizer()
            self.trainer = try trainer(nil)
        }
        let trainer = self.trainer
        var state = resumed?.state
        if resumed == nil {
            earlier.keepBest(for: validation, judging: settings.judging ?? JudgingSettings(), over: trainer)
        } else if let validation {
            earlier.remarks += [state?.forgetBest(unlessJudgedBy: validation)].compactMap(\.self)
        }
        let choiceRemark = inputs.sets.first.flatMap { deciding in
            deciding.isTest && settings.judging?.chooses == true
                ? "\(deciding.name) decides which weights stay, so their score there is no test; load with validation=20% keeps other texts to decide by"
                : nil
        }
        let files = RunFiles(
            inputs, plan: plan, settings: settings, history: earlier.history, examplesHash: examplesHash,
            validationHash: validation?.hash, optimizer: earlier.optimizer, trainer: trainer,
            resuming: resumed)
        self.files = files
        remarks = earlier.remarks + [files.validationRemark, choiceRemark].compactMap(\.self)
        keeper = RunKeeper(
            plan.place == nil ? StatePlan(seconds: nil) : plan.states, from: state?.step ?? 0,
            isResumed: resumed != nil, now: now, entry: files.entry, opening: files.open)
        let seen = inputs.seen
        run = try Run(
            trainer, after: earlier.history, seen: seen, from: state, keeper: keeper,
            texts: validation?.decidingHash, now: now
        ) { interruption, judging in
            try validation?.judgement(
                of: loaded.model, under: trainer.tuning, seen: seen.adding(trainer.learned, of: texts),
                workers: workers, interruption: interruption, progress: judging)
        }
    }

    /// Says what of a resumed run is not as it was, in a few words; nil where all is.
    func change(since fingerprint: RunFingerprint, isFresh: Bool) throws -> String? {
        try files.change(since: fingerprint, isFresh: isFresh)
    }

    /// A run without a name has one once its first state is written.
    package var name: String { files.name }
    package var folder: String? { files.folder }
    /// Whether it was begun before.
    package var isResumed: Bool { files.isResumed }

    /// What it has done so far, earlier runs over the same weights among it.
    package var record: TrainingRun {
        run.record(name: files.name, method: inputs.method.summary, data: inputs.data.dataset.name)
    }

    /// Whether the best validation's weights are kept beside the last step's.
    package var keepsBest: Bool { !inputs.sets.isEmpty && run.judging.kept != .lastOnly }

    /// Bytes of these in a state; in memory they take some where `holdsBest` says so.
    package func bestBytes(trained: Int) -> Int { keepsBest ? MemoryLayout<Float>.size * trained : 0 }

    /// Whether they take memory of their own: steps follow a validation that is this run's own. What the model was before
    /// the first step lies where it lay.
    package var holdsBest: Bool {
        let every = run.judging.steps(of: settings.horizon(of: trainer.examples.count))
        return keepsBest && trainer.totalSteps > every ?? trainer.stepsPerEpoch
    }

    // MARK: - From beginning to end

    /// A run with a name is known from its beginning on, and one that is resumed is nobody else's.
    ///
    /// - Returns: that nothing could be written, where that is so.
    /// - Throws: `busy`; `run-changed` where another process has gone on with it.
    package func begin() throws -> RunEvent? {
        guard plan.place != nil, plan.isNamed || isResumed, !isOver else { return nil }
        do {
            if isResumed {
                try keeper.claim()
            } else if inputs.kept != nil || inputs.method.origin.folder != nil {
                // What it begins with nobody could make again.
                try keeper.claim()
                return keeper.keep(run.state, as: .running)
            } else {
                try keeper.begin()
            }
        } catch let problem as Diagnostic where !["busy", "run-changed"].contains(problem.code) {
            return .unwritten(problem)
        }
        return nil
    }

    /// Its end: a run with a name stays, of another nothing does.
    package func finish() -> (outcome: RunOutcome, event: RunEvent?) {
        let state = run.state
        var event: RunEvent?
        if isOver { return (outcome(state, isFinished: true), nil) }
        if plan.isNamed, plan.place != nil {
            event = keeper.keep(state, as: .finished)
        } else {
            keeper.remove()
        }
        return (outcome(state, isFinished: true), event)
    }

    /// Whether a step that cannot be made ends it with something left: the best validation's weights, where training
    /// had made them.
    package func leavesBest(after problem: Diagnostic) -> Bool {
        [Trainer.notFinite, Evaluator.notFinite].contains(problem.code) && run.hasOwnBest
    }

    /// It stops here, to be gone on with.
    package func interrupt() -> (outcome: RunOutcome, event: RunEvent?) {
        let state = run.state
        if plan.place != nil { files.identify() }
        let event =
            plan.place != nil && !plan.states.writesNone ? keeper.keep(state, as: .interrupted) : nil
        return (outcome(state, isFinished: false), event)
    }

    /// Nothing of it stays, but for what was written before it was resumed.
    package func giveUp() {
        if !isResumed { keeper.remove() }
    }

    private func outcome(_ state: RunState, isFinished: Bool) -> RunOutcome {
        var record = record
        let isWritten = isOver || keeper.tally.written > 0
        if isFinished || isWritten { forget(inputs.kept) }
        var method = inputs.method.with(trainer.commit(into: successor))
        if isFinished, state.bringsBestBack(by: run.judging), let best = state.best?.weights,
            let placed = method.holding(best, successor)
        {
            (method, record.usesBest) = (placed, true)
        }
        return RunOutcome(
            method: method, task: successor,
            kept: files.kept(record, state, isFinished: isFinished, folder: isWritten ? files.folder : nil),
            record: record, seen: state.seen.adding(trainer.learned, of: examples))
    }

    /// Removes what an earlier run without a name has written: this one stands on its weights.
    private func forget(_ earlier: KeptRun?) {
        guard let earlier, !earlier.isNamed, let folder = earlier.folder, folder != files.folder else {
            return
        }
        let place = URL(filePath: folder)
        // Another process may be at work on it.
        _ = try? RunPlace(place.deletingLastPathComponent().relativePath).delete([place.lastPathComponent])
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
