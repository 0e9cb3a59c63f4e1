import Compute
import Diagnostics
import Learning
import Models
import Synchronization
import System

/// Runs updates: batches in a seeded order, gradients of shares summed in a fixed order, clipping,
/// the optimizer. It can be interrupted between updates and goes on where it was.
package final class Trainer: @unchecked Sendable {
    package let model: any LanguageModel
    package let task: any LearningTask
    package let settings: TrainerSettings
    /// With the weights that the loss gives them.
    package let examples: [EncodedExample]
    private let loss: any Loss
    /// What each class counts; nil where all count alike.
    package let classWeights: ClassWeights?
    /// What earlier runs over the same weights had come to.
    package let start: RunStart
    /// This run's own updates.
    package private(set) var history: [StepRecord] = []
    /// Indices of the examples that updates were made of.
    package private(set) var learned: Set<Int> = []
    package private(set) var tokens = 0
    package private(set) var seconds = 0.0

    /// What the updates write: the method's, and the task's own in the place of its parameters.
    package let tuning: Tuning
    /// The method's alone, with what this task does not read.
    private let method: Tuning
    /// All that is trained, the task's own included.
    package var trainedParameters: [Parameter] { parameters }
    private let parameters: [Parameter]
    private let optimizer: any Optimizer
    private let schedule: Warmup
    let workers: Workers
    /// Whether the weights that it begins with are known to have learned from nothing.
    let isUntuned: Bool
    private let collective: any Collective
    private let trunkLimit: Int?
    /// What learns in the epoch at hand.
    private var stage: Stage
    var trunk: TrunkCache { stage.trunk }
    private let meter = StepMeter()
    private let clock = ContinuousClock()
    private let givenOrder: (@Sendable (_ step: Int) -> [Int])?
    private let givenRates: (@Sendable (_ step: Int) -> Float)?
    private var order: (epoch: Int, indices: [Int]) = (-1, [])

    /// - `tuning`: what the method trains, which is written; the task's own are added, what it does not read
    ///   is left out.
    /// - `examples`: encoded, each with something to learn.
    /// - `order`: indices of each step's batch in place of a seeded shuffle, to repeat another's run.
    /// - `rates`: each step's rate in place of the settings' schedule, to find out what rates do.
    /// - `trunkLimit`: bytes of a frozen trunk's outputs to keep; nil for a share of what is free.
    /// - `start`, `earlier`: what an earlier run over the same weights had come to, and its optimizer.
    /// - `isUntuned`: whether the weights are known to have learned from nothing.
    /// - Throws: `bad-state` where that is another's optimizer; `nothing-to-train`.
    package init(
        model: any LanguageModel, task: any LearningTask, tuning: Tuning,
        examples: [EncodedExample], settings: TrainerSettings, workers: Workers,
        collective: any Collective = LocalCollective(), order: (@Sendable (_ step: Int) -> [Int])? = nil,
        rates givenRates: (@Sendable (_ step: Int) -> Float)? = nil,
        trunkLimit: Int? = nil, start: RunStart = RunStart(), continuing earlier: OptimizerSnapshot? = nil,
        isUntuned: Bool = false
    ) throws {
        self.model = model
        (givenOrder, self.givenRates) = (order, givenRates)
        (self.start, self.isUntuned) = (start, isUntuned)
        self.task = task
        self.settings = settings
        let chosen = try settings.loss?.made(for: task, over: examples)
        (self.examples, loss) = (chosen?.examples ?? examples, chosen?.loss ?? task.loss)
        classWeights = chosen?.weights
        method = tuning
        self.tuning = try tuning.whole(for: task, of: model, settings)
        parameters = self.tuning.trainedParameters
        guard !parameters.isEmpty else {
            throw Diagnostic(
                "nothing-to-train",
                "the method changes nothing that this task reads, and the task has no head of its own",
                hint: "write lora before it, or load the data without prompt=, for a classifier"
            )
        }
        if givenOrder == nil { try settings.checkBatches(of: examples.count, for: task) }
        self.workers = workers
        self.collective = collective
        optimizer = try settings.optimizer.made(for: self.tuning.groups, workers: workers)
        schedule = try Warmup(
            steps: settings.warmup.steps(of: settings.horizon(of: examples.count)),
            then: settings.schedule.made())
        try schedule.then.check(lr: Double(settings.lr), warmup: schedule.steps)
        self.trunkLimit = trunkLimit
        stage = Stage(
            of: self.tuning, in: start.epochs, of: model, after: nil, trunkLimit: trunkLimit,
            isDrawn: task.encoder.drawsInEpochs)
        if let earlier { try optimizer.restore(earlier) }
    }

    // MARK: - What is kept of it

    /// Where it stands: its own values, not copies, so that they hold only until the next update.
    package var state: TrainerState {
        TrainerState(
            weights: tuning.namedTensors, optimizer: optimizer.view, history: history, tokens: tokens,
            seconds: seconds)
    }

    /// Goes on where another trainer with the same settings and examples was.
    ///
    /// - Throws: `bad-state` that names what does not fit; nothing is changed then.
    package func restore(_ state: TrainerState) throws {
        guard state.step <= totalSteps else {
            throw Diagnostic(
                "bad-state",
                "the state is one of step \(state.step.grouped), the run has \(totalSteps.grouped)")
        }
        let before = tuning.namedTensors
        try tuning.restore(state.weights)
        do { try optimizer.restore(state.optimizer) } catch {
            try tuning.restore(before)
            throw error
        }
        (history, tokens, seconds) = (state.history, state.tokens, state.seconds)
        learned = Set((0..<state.step).flatMap { batch(at: $0) })
    }

    /// Gives a task what this one's parameters have become.
    ///
    /// - `other`: one made alike, where somebody still has this task as it was; nil for this one.
    /// - Returns: the method's tuning, also what this task left alone: another one may read it.
    package func commit(into other: (any LearningTask)? = nil) -> Tuning {
        var rest = method.freezing(Set(task.parameters.map(\.name)))
        for parameter in (other ?? task).parameters + (other ?? task).buffers {
            rest.replaced[parameter.name] = nil
            if let trained = tuning.replaced[parameter.name] { parameter.replace(with: trained.dense()) }
        }
        return rest
    }

    package var stepsPerEpoch: Int { settings.stepsPerEpoch(of: examples.count) }
    package var totalSteps: Int { settings.totalSteps(of: examples.count) }
    package var warmupSteps: Int { schedule.steps }
    /// Values that the optimizer keeps beside the parameters.
    package var optimizerValues: Int { optimizer.state.valueCount }

    package var step: Int { history.count }
    package var isFinished: Bool { step >= totalSteps }
    /// Of all steps, and of those that are left; the last may be a part of one.
    package var epochCount: Int {
        let (whole, rest) = totalSteps.quotientAndRemainder(dividingBy: max(1, stepsPerEpoch))
        return whole + (rest > 0 ? 1 : 0)
    }
    package var epochsLeft: Int { isFinished ? 0 : epochCount - step / max(1, stepsPerEpoch) }

    /// One update.
    ///
    /// - Throws: `Interrupted` before it; `loss-not-finite` where its loss or gradients are no numbers; `not-finite` where
    ///   that is its first and the weights give no numbers, or where a tensor of the base has none; `no-labels`. The
    ///   state stays that of the last whole update.
    package func update(interruption: Interruption) throws -> TrainingProgress {
        try meter.step { try learnBatch(interruption: interruption) }
    }

    /// The code of what is thrown where a step's loss or a gradient is no number.
    static let notFinite = "loss-not-finite"

    private func learnBatch(interruption: Interruption) throws -> TrainingProgress {
        try interruption.check()
        let began = clock.now
        let indices = batch(at: step)
        let batch = indices.map { drawn($0, at: step) }
        let terms = batch.reduce(0) { $0 + self.loss.weight(of: $1) }
        guard terms > 0 else {
            throw Diagnostic(
                "no-labels", "a batch without a label cannot be learned from",
                hint: "is the answer cut off by max_length?")
        }
        let stage = stage(in: epoch(of: step))
        try tuning.prepare(over: model)
        let (gradients, lossSum, renewed) = try batchGradients(
            batch, terms: terms, stage, interruption: interruption)
        let loss = lossSum / terms
        let norm = GradientNorm(of: gradients)
        guard loss.isFinite, norm.value.isFinite else {
            throw try noNumber(of: batch, interruption: interruption)
        }
        let scale = norm.scale(limit: settings.clip)
        let lr = currentLearningRate
        var ofAll = [Buffer?](repeating: nil, count: parameters.count)
        for (place, gradient) in zip(stage.places, gradients) { ofAll[place] = gradient }
        optimizer.step(gradients: ofAll, gradientScale: scale, lr: lr)
        for (parameter, values) in renewed { parameter.replace(with: values) }
        learned.formUnion(indices)
        history.append(StepRecord(step: start.steps + step + 1, loss: loss, lr: lr, gradientNorm: norm.value))
        tokens += batch.reduce(0) { $0 + $1.tokenCount }
        seconds += (clock.now - began).inSeconds
        return TrainingProgress(
            step: step, totalSteps: totalSteps, epoch: Double(step) / Double(max(1, stepsPerEpoch)),
            loss: loss,
            lr: lr, gradientNorm: norm.value, tokens: tokens, seconds: seconds)
    }

    private var currentLearningRate: Float {
        if let givenRates { return givenRates(step) }
        if let own = settings.optimizer.ownRate(at: optimizer.state.stepCount + 1) { return Float(own) }
        return settings.lr
            * Float(
                schedule.factor(
                    step: step, total: settings.horizon(of: examples.count), lr: Double(settings.lr)))
    }

    /// The epoch of this run's update of that number, both from 0, over all runs on the same weights.
    func epoch(of step: Int) -> Int { start.epochs + step / max(1, stepsPerEpoch) }

    func stage(in epoch: Int) -> Stage {
        if stage.epoch != epoch, tuning.phases != nil {
            stage = Stage(
                of: tuning, in: epoch, of: model, after: stage, trunkLimit: trunkLimit,
                isDrawn: task.encoder.drawsInEpochs)
        }
        return stage
    }

    /// Indices of the examples of this run's update of that number, from 0.
    func batch(at step: Int) -> [Int] {
        if let givenOrder { return givenOrder(step) }
        let epoch = epoch(of: step)
        if order.epoch != epoch {
            var random = CounterRandom(seed: settings.seed, purpose: "shuffle", step: epoch)
            order = (epoch, random.permutation(examples.count))
        }
        let first = (step % stepsPerEpoch) * settings.batch
        return Array(order.indices[first..<min(first + settings.batch, examples.count)])
    }

    /// An example as this run's update of that number learns it.
    func drawn(_ index: Int, at step: Int) -> EncodedExample {
        task.encoder.drawn(examples[index], seed: settings.seed, epoch: epoch(of: step))
    }

    // MARK: - Gradients

    func batchGradients(
        _ batch: [EncodedExample], terms: Double, _ stage: Stage, interruption: Interruption
    ) throws -> ([Buffer], Double, renewed: [(Parameter, Buffer)]) {
        let isWide = isWide
        let shares = shares(of: batch.map { $0.rowCount(under: tuning) })
        let sum = collective.sum(of: stage.parameters.map(\.count), limit: workers.count - 1)
        let renewed = Mutex<[(Parameter, Buffer)]>([])
        let scale = 1 / Float(terms)
        let randomness = Pass.Randomness(seed: settings.seed, step: start.steps + step)
        let parts = isWide ? Shares.deal(shares.count, to: settings.sums) : shares.indices.map { $0..<$0 + 1 }
        let add: @Sendable (Int) -> Void = { [self] part in
            guard !sum.hasFailed else { return }
            do {
                let total = RunningSum(stage.parameters, isGathering: isWide)
                for index in parts[part] {
                    try interruption.check()
                    let share = shares[index].map { batch[$0] }
                    let rows = share.flatMap(\.rows)
                    let pass = Pass(
                        Layout(rows, under: tuning), under: stage.tuning, training: randomness,
                        checkpointing: settings.checkpointing ?? false, workers: isWide ? workers : nil,
                        interruption: interruption)
                    try total.add(pass) {
                        let h = try stage.trunk.hiddenStates(rows, pass)
                        return try task.learn(h, share, by: loss, model: model, scale: scale, pass)
                    }
                    // Of coupled examples there is one share, and one such pass.
                    if !pass.renewed.isEmpty {
                        renewed.withLock { $0 += pass.renewed.map { ($0.parameter, $0.values) } }
                    }
                }
                sum.add(total.gradients, loss: total.loss, at: part)
            } catch {
                sum.fail(error, at: part)
            }
        }
        if isWide {
            for part in parts.indices { add(part) }
        } else {
            workers.run(parts.count, add)
        }
        let result = try sum.result()
        return (result.gradients, result.loss, renewed.withLock { $0 })
    }
}
