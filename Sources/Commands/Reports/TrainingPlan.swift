import Compute
import Datasets
import Diagnostics
import Display
import JSON
import Language
import Learning
import Models
import Training

/// What a `train` is going to do, said before it does it.
struct TrainingPlan {
    let session: TrainingSession
    /// Weights of so many classes are shown.
    private static let mostClasses = 10
    private let showsTimes: Bool
    private let workers: Int
    private let memory: MemoryCheck
    /// See `StepCost`.
    private var pace = 1.0
    private let counts: ParameterCount?
    /// Values that learn at all, where the run ends before all of them do.
    private let learned: Int?
    /// What else is to be known, such as which of two settings wins.
    var remarks: [String] = []

    init(of session: TrainingSession, in context: Context) {
        self.session = session
        showsTimes = context.state.settings.showsTimes
        workers = context.workers.count
        memory = MemoryCheck(
            of: session.prepared.trainer, keepsBest: session.prepared.holdsBest,
            isResumed: session.prepared.isResumed, in: context)
        var engine = session.engine
        engine.task = session.prepared.inputs.task
        counts = ParameterCount(of: engine)
        learned = session.prepared.learnedCount
    }

    var inputs: RunInputs { session.prepared.inputs }
    var trainer: Trainer { session.prepared.trainer }
    /// What is held for training, and what of it learns in this run.
    private var held: Int { counts?.trained ?? 0 }
    private var trained: Int { learned ?? held }
    private var share: Double { Double(trained) / Double(max(1, counts?.total ?? 1)) }

    /// One line; all the rest unfolds under it.
    var shown: FoldedFacts {
        FoldedFacts(
            line: line, facts: table,
            told: [
                "optimizer", "lr", "loss", "noise", "dropout", "checkpointing", "batch", "max_length",
                "validation", "seed",
            ],
            notes: notes)
    }

    /// `imdb · 500 texts · 126 steps · LoRA r=8 · 0.33% trained · about 45 s · 124 MB`
    private var line: [String] {
        let data = inputs.data.dataset
        let name = data.name.isEmpty ? data.source : data.name
        let parts =
            [
                name.onOneLine.clippedInMiddle(to: 60), counted(trainer.examples.count, "text"),
                counted(trainer.totalSteps, "step"), inputs.method.shortSummary,
            ] + changes + [
                "\((share < 0.1 ? counts?.shareStyle ?? .percent(2) : .percent(0)).text(share)) trained"
            ]
        guard showsTimes else { return parts }
        return parts + [
            "about \(NumberStyle.seconds.text(time.total))",
            "\(NumberStyle.bytes.text(Double(memory.estimate.total))) more",
        ]
    }

    private func number(_ single: Float) -> String { NumberStyle.automatic.text(Double(single)) }

    private var table: KeyValue {
        let settings = session.prepared.settings
        let steps = "\(trainer.totalSteps.grouped), \(trainer.stepsPerEpoch.grouped) an epoch"
        let trainedShare = (counts?.shareStyle ?? .percent(2)).text(share)
        let method = inputs.method.summary + (inputs.method.isDefault ? " (by default)" : "")
        var entries: [KeyValue.Entry] = [
            .init("model", .text(inputs.model.name)), .init("method", .text(method)),
            .init("task", .text(inputs.task.summary)),
            .init("examples", .integer(trainer.examples.count)),
            .init(
                "trained", .text("\(NumberStyle.automatic.text(Double(trained))) parameters, \(trainedShare)")
            ),
            .init("batch", .integer(settings.batch)), .init("steps", .text(steps)),
            .init("lr", .text(rates)),
            .init("max_length", .integer(inputs.task.maxLength)), .init("validation", .text(validation)),
            .init("seed", .text("\(settings.seed)")), .init("run", .text(run)),
        ]
        if settings.checkpointing == true {
            entries.insert(.init("checkpointing", .text("each block is computed once more")), at: 8)
        }
        if let rates = settings.dropout {
            entries.insert(.init("dropout", .text(summary(rates))), at: 8)
        }
        if let noise = settings.noise {
            let text = "NEFTune, uniform within \(number(noise)) / sqrt(tokens · width) on embeddings"
            entries.insert(.init("noise", .text(text)), at: 8)
        }
        if let loss = settings.loss { entries.insert(.init("loss", .text(summary(loss))), at: 8) }
        let (kind, values) = (settings.optimizer.kind, settings.optimizer.values)
        if kind != OptimizerRegistry.usual || !values.changes.isEmpty {
            let optimizer = summary(kind.declaration.name, values) + (decay.map { ", \($0)" } ?? "")
            entries.insert(.init("optimizer", .text(optimizer)), at: 7)
        }
        entries.insert(.init("base", .text(inputs.model.model.store.held.text)), at: 1)
        if showsTimes {
            entries.append(
                .init("memory", .text("about \(NumberStyle.bytes.text(Double(memory.estimate.total))) more")))
            entries.append(.init("time", .text("about \(NumberStyle.seconds.text(time.total))")))
        }
        return KeyValue(entries, caption: "Plan", notes: dropout)
    }

    /// `2e-5, head 1e-3, linear, 6 steps of warmup`
    private var rates: String {
        let settings = session.prepared.settings
        guard settings.optimizer.ownRate(at: 1) == nil else {
            return "\(settings.optimizer.kind.declaration.name)'s own, step by step"
        }
        let parts = (settings.rates?.given ?? []).map { "\($0.name) \(number($0.rate))" }
        let schedule = summary(settings.schedule.kind.declaration.name, settings.schedule.values)
        let warmup = trainer.warmupSteps > 0 ? ["\(counted(trainer.warmupSteps, "step")) of warmup"] : []
        return ([number(settings.lr)] + parts + [schedule] + warmup).joined(separator: ", ")
    }

    /// What weight decay pulls on; nil without any.
    private var decay: String? {
        let settings = session.prepared.settings
        guard settings.optimizer.values.double("weight_decay") > 0 else { return nil }
        return settings.sparesBiases == true ? "not on biases and norms" : "on biases and norms too"
    }

    /// What is not as usual about what is made small, in few words: `focal γ=2, balanced weights`.
    private var changes: [String] {
        let settings = session.prepared.settings
        return [settings.loss?.shortSummary, settings.noise.map { "NEFTune \(number($0))" }]
            .compactMap(\.self)
    }

    /// `focal γ=2, balanced weights: ham 0.577, spam 3.73`
    private func summary(_ loss: LossChoice) -> String {
        let weights = trainer.classWeights.map { weights in
            let shown = zip(weights.labels, weights.values).prefix(Self.mostClasses).map { label, weight in
                "\(label.onOneLine.clippedInMiddle(to: 24)) \(NumberStyle.significant(3).text(Double(weight)))"
            }.joined(separator: ", ")
            let more = weights.labels.count - Self.mostClasses
            guard more > 0, let least = weights.values.min(), let most = weights.values.max() else {
                return shown
            }
            let range = [least, most].map { NumberStyle.significant(3).text(Double($0)) }
            return "\(shown) and \(more.grouped) more, from \(range[0]) to \(range[1])"
        }
        return loss.shortSummary + (weights.map { ": \($0)" } ?? "")
    }

    private var validation: String {
        session.prepared.judgingSummary(bestBytes: memory.estimate.best)
    }

    /// `r16; a state of 5.5 MB every 30 s in lorikeet-runs/r16`
    private var run: String {
        let plan = session.prepared.plan
        guard let place = plan.place, !plan.states.writesNone else { return plan.name }
        let bytes = 4 * (held + trainer.optimizerValues) + session.prepared.bestBytes(trained: held)
        let size = NumberStyle.bytes.text(Double(bytes))
        let often =
            plan.states.steps.map { $0 == 1 ? "each step" : "every \($0.grouped) steps" }
            ?? "every \(NumberStyle.seconds.text(plan.states.seconds ?? 0))"
        let kept = plan.states.kept > 1 ? ", \(plan.states.kept) kept" : ""
        return "\(plan.name); a state of \(size) \(often) in \(place.folder(of: plan.name))\(kept)"
    }

    /// `sgd, momentum 0.9`
    private func summary(_ name: String, _ values: SettingValues) -> String {
        ([name] + values.changes.map { "\($0) \(Value($1).source)" }).joined(separator: ", ")
    }

    /// What must be heeded, then what is to be known of how it goes on from earlier runs.
    private var notes: [PanelNote] {
        let method = inputs.method.source.remarks(
            on: inputs.model.model, isWriting: inputs.task.parameters.isEmpty)
        return warnings.map { PanelNote($0, isWarning: true) }
            + (method + session.prepared.remarks).map { PanelNote($0) }
    }

    /// What must be heeded.
    var warnings: [String] {
        var notes = remarks + guards
        let examples = trainer.examples.count
        let cut = session.prepared.cutCount
        if cut > 0 {
            notes.append(
                "\(cut.grouped) of \(examples.grouped) texts \(cut == 1 ? "is" : "are") longer than "
                    + "\(inputs.task.maxLength.grouped) tokens and \(cut == 1 ? "loses its" : "lose their") end"
            )
        }
        let (model, tuning) = (inputs.model.model, inputs.method.tuning)
        if tuning.positionCount > 0, inputs.task.maxLength >= model.room(under: tuning) {
            notes.append(
                "\(tuning.positionCount) of the model's \(model.config.context.grouped) positions are virtual tokens': "
                    + "max_length is \(inputs.task.maxLength)")
        }
        if trainer.warmupSteps >= trainer.totalSteps, trainer.totalSteps > 0 {
            notes.append(
                (trainer.totalSteps == 1 ? "its one step is" : "all \(trainer.totalSteps.grouped) steps are")
                    + " warmup: lr rises to the end and never falls")
        }
        notes += rateNotes
        if learned != nil, !inputs.method.declaration.traits.contains(.drawsInEpochs) {
            notes.append("this run ends before all of it has begun to learn: it trains what is counted here")
        }
        if inputs.model.request.headNorm != nil, inputs.task.head == nil {
            notes.append(
                "head.norm= is of a classifier, and here the model writes its answers: there is none")
        }
        return notes
    }

    /// `hidden 0.3, head 0.1`
    private func summary(_ rates: DropoutRates) -> String {
        [("hidden", rates.hidden), ("attention", rates.attention), ("head", rates.head)].filter { $1 > 0 }
            .map { "\($0) \(NumberStyle.automatic.text(Double($1)))" }.joined(separator: ", ")
    }

    private var dropout: [String] {
        guard session.prepared.settings.dropout?.reachesBlocks != true else { return [] }
        let dropout = inputs.model.model.config.dropout.sorted { $0.key < $1.key }
        guard !dropout.isEmpty else { return [] }
        let asked = dropout.map { "\($0.key) \(NumberStyle.automatic.text($0.value))" }
        return ["the base's own dropout (\(asked.joined(separator: ", "))) stays off"]
    }

    // MARK: - Estimates

    /// Takes a few gradients' time for the estimate, where it is shown.
    mutating func findPace(in context: Context) throws {
        guard showsTimes else { return }
        pace = try StepCost(of: trainer, workers: workers).pace(
            expecting: time.total, now: context.surroundings.now, interruption: context.interruption)
    }

    /// What the run is thought to take.
    var expectation: Expectation { Expectation(time: time, memory: memory.estimate) }

    private var time: TimeEstimate { session.prepared.expectedTime(workers: workers, pace: pace) }

    /// - Throws: `no-memory` when it would not fit.
    func checkMemory() throws { try memory.check() }
}
