import Datasets
import Diagnostics
import Display
import JSON
import Learning
import Models
import Training

/// One `train` at work: encoded examples, the trainer, and what comes of them.
final class TrainingSession {
    let engine: EngineState
    let task: any LearningTask
    let loaded: LoadedModel
    let data: LoadedData
    let attached: AttachedMethod
    let trainer: Trainer
    /// What the trainer's examples were made of.
    private let examples: [Example]
    /// Nil where the data set has none.
    private let validation: EncodedPart?
    let settings: TrainerSettings
    /// Examples that lost their end.
    let cutCount: Int
    private var epochs: [EpochRecord] = []

    init(engine: EngineState, task: any LearningTask, settings: TrainerSettings, in context: Context) throws {
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
        validation =
            try data.dataset.validation.isEmpty
            ? nil
            : EncodedPart(
                data.dataset, .validation, for: task, workers: workers, interruption: interruption)
        self.examples = labelled
        (self.engine, self.task, self.loaded, self.data) = (engine, task, loaded, data)
        (self.attached, self.settings) = (attached, settings)
        cutCount = examples.count { $0.cut > 0 }
        trainer = try Trainer(
            model: loaded.model, objective: task, tuning: attached.tuning.copy(),
            examples: examples, settings: settings, workers: workers)
    }

    /// - Throws: `Interrupted` with whole steps kept, and nothing without one; anything else with nothing kept.
    func run(in context: inout Context) throws -> any Displayable {
        let progress = Progress("train", total: trainer.totalSteps, in: context)
        do {
            while !trainer.isFinished {
                try runEpoch(progress, in: context)
            }
        } catch is Interrupted {
            progress.finish(.stopped, facts: facts, timed: rate)
            if trainer.step > 0 {
                keep(in: &context)
                context.keep()
            }
            throw Interrupted()
        } catch {
            progress.finish(.stopped, facts: facts)
            throw error
        }
        progress.finish(facts: facts, timed: rate)
        keep(in: &context)
        return report(showsTimes: context.state.settings.showsTimes)
    }

    private func runEpoch(_ progress: Progress, in context: Context) throws {
        let start = context.surroundings.now()
        let before = trainer.step
        var stop: Interrupted?
        var validation: EvaluationResult?
        do {
            repeat {
                let update = try trainer.update(interruption: context.interruption)
                try progress.report(done: update.step, facts: facts, timed: rate, point: update.loss)
            } while !endsEpoch
            validation = try validated(in: context)
        } catch let interrupted as Interrupted {
            stop = interrupted
        }
        // An epoch that is over has its line, even if the stop came before its validation was.
        if trainer.step > before, endsEpoch { note(from: before, validation, since: start, in: context) }
        if let stop { throw stop }
    }

    private var endsEpoch: Bool {
        trainer.isFinished || trainer.step.isMultiple(of: trainer.stepsPerEpoch)
    }

    private func note(
        from before: Int, _ validation: EvaluationResult?, since start: Double, in context: Context
    ) {
        let steps = trainer.history[before...]
        let mean = steps.reduce(0) { $0 + $1.loss } / Double(max(1, steps.count))
        epochs.append(
            EpochRecord(
                epoch: epochs.count + 1, steps: trainer.step, trainLoss: mean, validation: validation,
                seconds: context.surroundings.now() - start))
    }

    private func validated(in context: Context) throws -> EvaluationResult? {
        try validation?.evaluate(
            loaded.model, under: trainer.tuning, seen: seen, workers: context.workers,
            interruption: context.interruption)
    }

    /// What the weights have learned from by now.
    private var seen: SeenTexts {
        var seen = engine.seen
        seen.add(trainer.learned.lazy.map { [examples] in examples[$0] })
        return seen
    }

    // MARK: - What is said

    private var facts: [ProgressView.Fact] {
        guard let last = trainer.history.last else { return [] }
        let epoch = Double(trainer.step) / Double(max(1, trainer.stepsPerEpoch))
        let recent = trainer.history.suffix(10)
        let mean = recent.reduce(0) { $0 + $1.loss } / Double(recent.count)
        return [
            .init("epoch", NumberStyle.fixed(1).text(epoch)), .init("loss", NumberStyle.fixed(3).text(mean)),
            .init("lr", NumberStyle.scientific(1).text(Double(last.lr))),
        ]
    }

    private var rate: [ProgressView.Fact] {
        guard trainer.seconds > 0 else { return [] }
        return [.init("tokens/s", NumberStyle.fixed(0).text(Double(trainer.tokens) / trainer.seconds))]
    }

    private var record: TrainingRun {
        var run = TrainingRun(
            method: attached.summary, data: data.dataset.name, plannedSteps: trainer.totalSteps,
            stepsPerEpoch: trainer.stepsPerEpoch)
        run.steps = trainer.history
        run.epochs = epochs
        (run.tokens, run.seconds) = (trainer.tokens, trainer.seconds)
        return run
    }

    private func keep(in context: inout Context) {
        let run = record
        var engine = engine
        engine.method = attached.with(trainer.commit())
        engine.run = run
        engine.seen = seen
        engine.evaluation = nil
        engine.isHeadTrained = true
        context.state.engine = engine
        context.state.metrics["loss"] = .number(run.finalLoss)
        context.state.metrics["steps"] = .integer(run.steps.count)
        if let last = epochs.last?.validation {
            context.state.metrics["validation_accuracy"] = .number(last.matrix.accuracy)
        }
    }

    private func report(showsTimes: Bool) -> any Displayable {
        TrainingReport(run: record, showsTimes: showsTimes)
    }
}
