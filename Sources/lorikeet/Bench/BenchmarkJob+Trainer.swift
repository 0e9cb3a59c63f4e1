import Compute
import Diagnostics
import Learning
import Models
import Training

/// What a job asks for, in our own terms.
extension BenchmarkJob {
    func task(for model: any LanguageModel) -> any LearningTask {
        isCausal ? PresetAnswer(answers: answers) : PresetClassification(model: model, seed: seed)
    }

    func tuningMethod() throws -> any Method {
        if method == "last2" { return try FullMethod(["last": .count(2)]) }
        guard let kind = MethodRegistry.all.first(where: { $0.declaration.name == method }) else {
            throw Diagnostic("bad-job", "there is no method \(method)")
        }
        // Dropout is off on both sides.
        let drops = kind.declaration.settings.contains { $0.name == "dropout" }
        return try kind.init((drops ? ["dropout": .number(0)] : [:]).merging(settings) { $1 })
    }

    /// Bytes that a training pass over an example keeps once its hidden states are there; nobody else may be at work.
    func keptBytes(of example: EncodedExample, model: any LanguageModel, under tuning: Tuning) throws -> Int {
        let before = BufferPool.shared.bytesInUse
        let pass = Pass(
            Layout(example.rows, under: tuning), under: tuning,
            training: Pass.Randomness(seed: seed, step: 0), checkpointing: checkpointing ?? false)
        let states = try model.hiddenStates(Tokens(example.rows), pass)
        return withExtendedLifetime((pass, states)) { BufferPool.shared.bytesInUse - before }
    }

    /// A run over these examples in their order.
    func trainer(
        model: any LanguageModel, task: any LearningTask, tuning: Tuning, examples: [EncodedExample],
        epochs: Int, workers: Workers
    ) throws -> Trainer {
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.lr) = (batch, Double(epochs), learningRate)
        settings.optimizer = OptimizerChoice(AdamW.self, ["weight_decay": .number(0.01)])
        settings.seed = seed
        settings.schedule = ScheduleChoice(ConstantSchedule.self)
        (settings.shareTokens, settings.checkpointing) = (shareTokens, checkpointing)
        let batch = batch
        let steps = (examples.count + batch - 1) / batch
        return try Trainer(
            model: model, task: task, tuning: tuning, examples: examples,
            settings: settings, workers: workers,
            order: { step in
                let first = step % steps * batch
                return Array(first..<min(first + batch, examples.count))
            })
    }
}
