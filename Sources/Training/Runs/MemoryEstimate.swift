import Compute
import Learning
import Models

/// What training is thought to take of memory beside the model's own, in bytes.
package struct MemoryEstimate: Sendable, Hashable {
    /// Copies of what is trained: what a run writes, beside what there is to go back to.
    package private(set) var weights: Int
    /// The best validation's weights, held beside the last step's.
    package private(set) var best: Int
    /// What the optimizer keeps; it is taken once the trainer is made.
    package private(set) var optimizer: Int
    /// A whole gradient, and what those in the hands of workers take more than the passes that they come from.
    package private(set) var gradients: Int
    /// What passes keep and need that are under way at once.
    package private(set) var activations: Int
    /// Kept outputs of blocks that lie below what is trained.
    package private(set) var trunk: Int
    /// What lies about for the next step, and the library's own.
    package private(set) var overhead: Int

    package var total: Int { weights + best + optimizer + gradients + activations + trunk + overhead }

    /// Something that could be done otherwise, to say what it would help.
    package struct Change: Sendable, Hashable {
        package var checkpointing: Bool?
        /// Rows of an example, at most.
        package var longest: Int?
        package var batch: Int?
        /// Values of another method's, which trains adapters of all blocks.
        package var adapters: Int?

        package init(
            checkpointing: Bool? = nil, longest: Int? = nil, batch: Int? = nil, adapters: Int? = nil
        ) {
            (self.checkpointing, self.longest) = (checkpointing, longest)
            (self.batch, self.adapters) = (batch, adapters)
        }
    }

    /// - `keepsBest`: whether the best validation's weights are kept.
    package init(
        of trainer: Trainer, workers: Int, keepsBest: Bool = false, changed change: Change = Change()
    ) {
        let trained = change.adapters ?? trainer.trainedParameters.reduce(0) { $0 + $1.count }
        let isWide = change.adapters == nil && trainer.isWide
        let size = MemoryLayout<Float>.size
        weights = size * trained
        best = keepsBest ? size * trained : 0
        optimizer = size * (change.adapters.map { 2 * $0 } ?? trainer.optimizerValues)
        let flight = Flight(of: trainer, workers: workers, isWide: isWide, change)
        activations = size * flight.values
        // A worker's gradients take the place of what its pass has kept, as far as that goes.
        let inHand = isWide ? 0 : max(0, size * trained * min(flight.shares, workers) - activations)
        gradients = size * trained * (isWide ? min(2, trainer.settings.sums) : 1) + inHand
        let isKept = change.adapters == nil && trainer.trunk.depth > 0
        // A run that ends within its first epoch comes to some of them.
        let used = Int(
            min(
                Double(trainer.examples.count), Double(trainer.totalSteps) * Double(trainer.settings.batch)))
        let rows = trainer.examples.prefix(used).reduce(0) {
            $0 + min($1.rowCount(under: trainer.tuning), change.longest ?? .max)
        }
        trunk = isKept ? min(trainer.trunk.limit, size * rows * trainer.model.config.width) : 0
        overhead = Self.library + (weights + gradients + activations) / 16
    }

    /// Of OpenBLAS and of threads, touched by the first products.
    private static let library = 8 << 20
}

/// The shares of a batch that are worked on at once.
private struct Flight {
    /// How many there are at most.
    var shares = 1
    /// Of all that are under way.
    var values = 0

    init(
        of trainer: Trainer, workers: Int, isWide: Bool, _ change: MemoryEstimate.Change
    ) {
        let cost = ShareCost(of: trainer, change)
        for batch in Self.batches(of: trainer, change) {
            let lengths = batch.map {
                min(trainer.examples[$0].rowCount(under: trainer.tuning), change.longest ?? .max)
            }
            let cut = trainer.shares(of: lengths, isWide: isWide)
            let values = cut.map { share in
                let examples = share.map { trainer.examples[batch[$0]] }
                return cost.values(
                    rows: share.reduce(0) { $0 + lengths[$1] },
                    sequences: examples.reduce(0) { $0 + $1.rows.count },
                    learned: examples.reduce(0) { $0 + $1.learnedCount })
            }.sorted(by: >)
            shares = max(shares, values.count)
            self.values = max(self.values, values.prefix(isWide ? 1 : workers).reduce(0, +))
        }
    }

    /// Batches that are looked at: an epoch's at least, so that its longest example is among them.
    private static let mostBatches = 20_000
    /// Of these, how many of the longest are cut into shares.
    private static let mostCut = 100

    /// Those to come that have the most rows, and those with the longest examples.
    private static func batches(of trainer: Trainer, _ change: MemoryEstimate.Change) -> [[Int]] {
        let size = change.batch ?? trainer.settings.batch
        let last = min(trainer.totalSteps, trainer.step + max(trainer.stepsPerEpoch, mostBatches))
        let order = (min(trainer.step, last)..<last).flatMap { trainer.batch(at: $0) }
        let lengths = trainer.examples.map {
            min($0.rowCount(under: trainer.tuning), change.longest ?? .max)
        }
        let batches = stride(from: 0, to: order.count, by: size).map { first in
            Array(order[first..<min(first + size, order.count)])
        }
        let rows = batches.map { batch in batch.reduce(0) { $0 + lengths[$1] } }
        let longest = batches.map { batch in batch.reduce(0) { max($0, lengths[$1]) } }
        let chosen = Set(highest(rows)).union(highest(longest))
        return chosen.map { batches[$0] }
    }

    /// The places of the highest numbers.
    private static func highest(_ numbers: [Int]) -> ArraySlice<Int> {
        numbers.indices.sorted { (numbers[$1], $0) < (numbers[$0], $1) }.prefix(mostCut)
    }
}

/// What one share takes, in values.
private struct ShareCost {
    private let shape: PassShape
    /// Blocks that nothing is recorded of.
    private let depth: Int
    private let isCheckpointing: Bool
    /// Of a vocabulary's outputs: how many columns, and how many rows are there at once; none with a head.
    private let outputs: (columns: Int, rows: Int)

    init(of trainer: Trainer, _ change: MemoryEstimate.Change) {
        shape = PassShape(of: trainer.model, under: trainer.tuning)
        depth =
            change.adapters == nil ? TrunkCache.blocks(below: trainer.tuning.reach, of: trainer.model) : 0
        isCheckpointing = change.checkpointing ?? trainer.settings.checkpointing ?? false
        guard trainer.task.readout.isOfVocabulary else {
            outputs = (0, 0)
            return
        }
        let isWhole = trainer.task.isLearnedAtOnce(model: trainer.model, under: trainer.tuning)
        outputs = (
            trainer.model.config.vocabulary, isWhole ? .max : trainer.model.logitRows()
        )
    }

    func values(rows: Int, sequences: Int, learned: Int) -> Int {
        let tracked = zip(shape.kept, shape.keptOfSequence).dropFirst(depth).map {
            rows * $0 + sequences * $1
        }
        let kept =
            isCheckpointing
            ? rows * tracked.count * shape.width + (tracked.max() ?? 0) : tracked.reduce(0, +)
        // What the blocks give, and the logits' gradient before the first block is gone back through.
        let head = rows * 2 * shape.width + min(learned, outputs.rows) * outputs.columns
        let needed = rows * shape.working
        return kept + max(head, needed)
    }
}

extension EncodedExample {
    fileprivate var learnedCount: Int { rows.reduce(0) { $0 + $1.learned.count } }
}
