import Compute
import Diagnostics
import Learning
import Models

/// How long a run is thought to take, before its first step.
package struct TimeEstimate: Sendable, Hashable {
    /// Of all steps that are to come.
    package let training: Double
    /// Of each judgement of the validation part, and how many there will be.
    package let judging: (each: Double, count: Int)
    /// The seconds after which the run ends, but for a last judgement; nil for no limit.
    package var limit: Double?

    package var total: Double {
        let whole = training + judging.each * Double(judging.count)
        return limit.map { min(whole, $0 + judging.each) } ?? whole
    }

    package static func == (a: Self, b: Self) -> Bool {
        a.training == b.training && a.judging == b.judging && a.limit == b.limit
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(total) }
}

extension PreparedRun {
    /// Work of all steps and judgements over the speed of a matrix product here, as a few gradients have shown it to be.
    ///
    /// - `pace`: how often longer than thought those took, see `StepCost`.
    package func expectedTime(workers: Int, pace: Double = 1) -> TimeEstimate {
        let cost = StepCost(of: trainer, workers: workers)
        let left = trainer.totalSteps - trainer.step
        let each = max(1, trainer.stepsPerEpoch)
        // What a resumed run has done is not done again; what it has kept of a trunk is gone.
        let first = Double(min(left, each)) / Double(each)
        let later = Double(left) / Double(each) - first
        let epoch = cost.rows(of: trainer.examples.indices)
        let steps =
            first * cost.gradients(epoch, isFirst: true) + later * cost.gradients(epoch, isFirst: false)
        let judged = cost.judging(tokens: validationTokens, per: inputs.sets.reduce(0) { $0 + $1.count })
        return TimeEstimate(
            training: pace * steps + Double(left) * cost.update,
            judging: (pace * judged, validationTokens > 0 ? run.judgementsLeft : 0),
            limit: run.secondsAllowed)
    }
}

/// What steps of a trainer cost, in seconds.
package struct StepCost {
    /// Sums over examples.
    struct Rows {
        var count = 0.0
        /// Of each row, how many it sees in attention.
        var seen = 0.0
        /// Outputs that are compared.
        var learned = 0.0
    }

    private let trainer: Trainer
    private let workers: Int
    /// Of one block, and of what gradients pass and reach.
    private let block, passed, trained: Double
    private let depth: Int
    private let isKept: Bool

    package init(of trainer: Trainer, workers: Int) {
        (self.trainer, self.workers) = (trainer, workers)
        let (model, reach) = (trainer.model, trainer.tuning.reach)
        let blocks = model.store.parameters.filter { model.blockIndex(of: $0.name) != nil }
        block = Double(blocks.reduce(0) { $0 + $1.count }) / Double(max(1, model.config.blocks))
        passed = Double(
            blocks.filter { model.part(of: $0.name) >= reach }.reduce(0) { $0 + $1.count })
        trained = Double(
            trainer.trainedParameters.filter { $0.shape.count > 1 && model.part(of: $0.name) > .embeddings }
                .reduce(0) { $0 + $1.count })
        depth = trainer.trunk.depth
        let bytes = 4 * trainer.model.config.width * trainer.examples.reduce(0) { $0 + $1.tokenCount }
        isKept = depth > 0 && bytes <= trainer.trunk.limit
    }

    func rows(of examples: some Sequence<Int>) -> Rows {
        examples.reduce(into: Rows()) { sum, index in
            let example = trainer.examples[index]
            sum.count += Double(example.rowCount(under: trainer.tuning))
            for row in example.rows {
                let length = Double(row.ids.count)
                sum.seen += length * length / (trainer.model.isCausal ? 2 : 1)
                sum.learned += Double(row.learned.count)
            }
        }
    }

    /// Forward and backward.
    ///
    /// - `isFirst`: whether what lies below what is trained was not kept yet.
    func gradients(_ rows: Rows, isFirst: Bool) -> Double {
        let config = trainer.model.config
        let own = Double(config.blocks - depth)
        let below = isFirst || !isKept ? Double(depth) : 0
        let again = trainer.settings.checkpointing == true ? own : 0
        // Two operations a weight on the way up, two where gradients pass it, two for a gradient of its own.
        let products = 2 * (block * (own + below + again) + passed + trained) * rows.count
        // Attention makes two products on the way up, and five on the way back.
        let attention = attention(rows) * (own + below + again + 2.5 * own)
        return seconds(products + attention + 2 * logits(rows))
    }

    func judging(tokens: Int, per texts: Int) -> Double {
        guard texts > 0 else { return 0 }
        let length = Double(tokens) / Double(texts)
        let seen = Double(tokens) * length / (trainer.model.isCausal ? 2 : 1)
        let rows = Rows(count: Double(tokens), seen: seen, learned: Double(texts))
        let blocks = Double(trainer.model.config.blocks)
        return seconds(2 * block * blocks * rows.count + attention(rows) * blocks + logits(rows))
    }

    /// Of one block, one way.
    private func attention(_ rows: Rows) -> Double {
        4 * rows.seen * Double(trainer.model.config.heads * trainer.model.config.headWidth)
    }

    private func logits(_ rows: Rows) -> Double {
        guard trainer.task.readout.isOfVocabulary else { return 0 }
        return 2 * rows.learned * Double(trainer.model.config.vocabulary * trainer.model.config.width)
    }

    private func seconds(_ operations: Double) -> Double {
        operations / (BLASRate.measured * Double(workers) * 0.6)
    }

    /// What the optimizer reads and writes of memory, a step.
    var update: Double {
        let values = trainer.trainedParameters.reduce(0) { $0 + $1.count }
        return 4 * Double(3 * values + 2 * trainer.optimizerValues) / 8e9
    }
}

extension StepCost {
    /// Seconds that may go into finding out the pace.
    private static let most = 0.25
    /// Of a run, the share of them.
    private static let share = 0.02

    /// How often longer than thought a few gradients take, which nobody applies: small models wait for other things than
    /// products, and machines have other work.
    ///
    /// - `expected`: seconds that the run is thought to take.
    /// - `now`: seconds on a clock.
    /// - Returns: 1 where even few gradients would take long: then products are nearly all there is.
    /// - Throws: `Interrupted`; what the trainer throws.
    package func pace(
        expecting expected: Double, now: () -> Double, interruption: Interruption
    ) throws -> Double {
        // What is left of a step whose trunk is kept says nothing of those that make it.
        guard !isKept else { return 1 }
        let budget = min(Self.most, max(0.01, expected * Self.share))
        var indices = trainer.batch(at: trainer.step)
        func thought(_ indices: [Int], isFirst: Bool) -> Double {
            gradients(rows(of: indices), isFirst: isFirst)
        }
        while indices.count > 1, thought(indices, isFirst: true) > budget {
            indices = Array(indices.prefix(indices.count / 2))
        }
        guard !indices.isEmpty, thought(indices, isFirst: true) <= budget,
            indices.count == trainer.batch(at: trainer.step).count
                || rows(of: indices).count >= Double(128 * workers)
        else { return 1 }
        // The first time memory is new and weights are cold.
        try trainer.tryGradients(of: indices, interruption: interruption)
        let began = now()
        try trainer.tryGradients(of: indices, interruption: interruption)
        let seconds = now() - began
        let pace = seconds / max(thought(indices, isFirst: true), 1e-9)
        return seconds > 0 ? min(max(pace, 0.2), 500) : 1
    }
}
