import Learning
import Models
import Tensors

/// What a run will be, told before it starts: how much trains, how long it is, what it needs.
package struct TrainingPlan: Sendable {
    package var trainable: Int
    package var total: Int
    package var examples: Int
    package var batch: Int
    package var steps: Int
    /// Real tokens over the whole run.
    package var tokens: Int
    /// Bytes on top of what is in use now: gradients, moments, activations of the shares at work.
    package var memory: Int
    /// Floating-point operations on products that are needed.
    package var operations: Double
    package var workers: Int

    package var share: Double { total == 0 ? 0 : Double(trainable) / Double(total) }

    /// Seconds, from the rate of a small product measured now and what a run reaches of it.
    package var estimatedSeconds: Double {
        operations / (BLASRate.measured * Double(workers) * 0.6)
    }

    package init(_ trainer: Trainer, parameters: [Parameter], workers: Int) {
        let model = trainer.model
        let config = model.config
        let all = parameters + trainer.objective.parameters
        trainable = all.reduce(0) { $0 + $1.count }
        total =
            model.store.valueCount + all.filter { model.store[$0.name] !== $0 }.reduce(0) { $0 + $1.count }
        examples = trainer.examples.count
        batch = trainer.settings.batch
        steps = trainer.totalSteps
        self.workers = workers
        let lengths = trainer.examples.map(\.ids.count)
        let epochs = Double(steps) / Double(max(1, trainer.stepsPerEpoch))
        tokens = Int(Double(lengths.reduce(0, +)) * epochs)
        let fraction = total == 0 ? 0 : Double(trainable) / Double(total)
        operations = Double(tokens) * Self.operationsPerToken(config, fraction: fraction)
        let longest = lengths.max() ?? 1
        let atWork = trainer.isWide ? max(1024, longest) : workers * max(256, longest)
        memory = trainable * 4 * (trainer.isWide ? 3 : 3 + workers) + atWork * Self.activationBytes(config)
    }

    /// Two operations a weight forward, two more backward, and two for each trained weight.
    private static func operationsPerToken(_ config: ModelConfig, fraction: Double) -> Double {
        let attention = config.width * (2 * config.heads + 2 * config.keyValueHeads) * config.headWidth
        let gates = config.family == "llama" ? 3 : 2
        let weights = Double(config.blocks * (attention + gates * config.width * config.feedForward))
        return weights * (4 + 2 * min(1, fraction))
    }

    /// What a token leaves behind until backward has passed: the inputs of every operation.
    private static func activationBytes(_ config: ModelConfig) -> Int {
        config.blocks * (10 * config.width + 4 * config.feedForward) * 4
    }
}

/// How fast one core multiplies here, measured once.
package enum BLASRate {
    /// Floating-point operations a second of a 256 × 512 × 512 product on one core.
    package static let measured: Double = {
        let (m, n) = (256, 512)
        let (a, b, c) = (Buffer(zeros: m * n), Buffer(zeros: n * n), Buffer(zeros: m * n))
        let clock = ContinuousClock()
        var best = Double.infinity
        for _ in 0..<6 {
            let start = clock.now
            BLAS.multiply(
                a.pointer, stride: n, by: b.pointer, stride: n, byTransposed: true, into: c.pointer,
                stride: n,
                m: m, n: n, k: n)
            best = min(best, (clock.now - start).inSeconds)
        }
        return 2 * Double(m * n * n) / best
    }()
}
