import Compute
import Diagnostics
import JSON
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// What is kept of a frozen trunk is what would be computed again, to the last bit, in whatever company.
@Suite struct TrunkCacheTests {
    private static func examples(isCausal: Bool) -> [EncodedExample] {
        (0..<12).map { index in
            let ids = (0..<(3 + (index * 17) % 29)).map { (place: Int) in Int32((place * 7 + index) % 60) }
            return EncodedExample(text: ids, identity: UInt64(index), isCausal: isCausal)
        }
    }

    /// Bytes that each row's states take.
    private static let rows = examples(isCausal: true).reduce(0) { $0 + $1.tokenCount }

    private struct Outcome {
        let losses: [UInt64]
        let values: [[UInt32]]
        let recalls: Int
        let computations: Int
    }

    /// Four epochs in a new order each, so that the examples' company changes.
    private static func run(family: String, limit: Int?, workers: Int, isWide: Bool) throws -> Outcome {
        let model = try SizedModels.model(family)
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.shareTokens, settings.lr) = (5, 4, 40, 1e-3)
        settings.isWide = isWide
        let trainer = try Trainer(
            model: model, task: NextToken(),
            tuning: try FullMethod(["last": .count(1)]).tuning(of: model, seed: 9),
            examples: examples(isCausal: model.isCausal), settings: settings,
            workers: Workers(count: workers), trunkLimit: limit)
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        return Outcome(
            losses: trainer.history.map(\.loss.bitPattern),
            values: trainer.trainedParameters.map { $0.dense().floats.map(\.bitPattern) },
            recalls: trainer.trunk.recalls.load(ordering: .relaxed),
            computations: trainer.trunk.computations.load(ordering: .relaxed))
    }

    @Test(arguments: ["bert", "gpt2", "llama"], [false, true])
    func howMuchIsKeptChangesNoByte(family: String, isWide: Bool) throws {
        let half = Self.rows * SizedModels.width * 4 / 2
        let all = try Self.run(family: family, limit: .max, workers: 1, isWide: isWide)
        #expect(all.recalls > 0)
        for (limit, workers) in [(0, 1), (0, 2), (half, 1), (half, 2), (.max, 2)] {
            let other = try Self.run(family: family, limit: limit, workers: workers, isWide: isWide)
            #expect(other.losses == all.losses, "\(limit) bytes, \(workers) workers")
            #expect(other.values == all.values, "\(limit) bytes, \(workers) workers")
            #expect(limit > 0 || other.recalls == 0)
            #expect(limit == .max || other.computations > all.computations)
        }
    }
}
