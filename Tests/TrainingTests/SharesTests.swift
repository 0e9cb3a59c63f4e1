import Compute
import Diagnostics
import Learning
import Models
import Synchronization
import TestFixtures
import Testing

@testable import Training

@Suite struct SharesTests {
    @Test(arguments: [[5], [256, 3, 90, 90, 12], Array(repeating: 20, count: 64), [300, 300]])
    func everyExampleIsInOneShare(lengths: [Int]) {
        let shares = Shares.cut(lengths: lengths)
        #expect(shares.flatMap { $0 }.sorted() == Array(lengths.indices))
        #expect(shares.allSatisfy { !$0.isEmpty })
    }

    @Test func sharesAreBalancedByTokens() {
        let lengths = (0..<64).map { 10 + ($0 * 37) % 200 }
        let loads = Shares.cut(lengths: lengths).map { $0.reduce(0) { $0 + lengths[$1] } }
        #expect(loads.count > 8)
        #expect(Double(loads.max() ?? 0) / Double(loads.min() ?? 1) < 1.5)
    }

    @Test(arguments: [(7, 1), (7, 2), (7, 3), (6, 3), (1, 3), (0, 2), (3, 0)])
    func sharesAreDealtEvenlyAndInOrder(_ case: (shares: Int, sums: Int)) {
        let (shares, sums) = `case`
        let deal = Shares.deal(shares, to: sums)
        #expect(deal.flatMap { Array($0) } == Array(0..<shares))
        #expect(deal.count == min(shares, max(1, sums)))
        #expect((deal.map(\.count).max() ?? 0) - (deal.map(\.count).min() ?? 0) <= 1)
    }

    /// A batch of eight as one, as two times four and as eight times one.
    @Test func howABatchIsCutChangesNothing() throws {
        let results = try [4096, 60, 1].map { tokens in
            let trainer = try Self.trainer(shareTokens: tokens, workers: 2, method: LowRankMethod())
            return try (0..<3).map { _ in try trainer.update(interruption: Interruption()) }
        }
        for other in results.dropFirst() {
            for (a, b) in zip(results[0], other) {
                #expect(abs(a.loss - b.loss) / a.loss < 1e-5)
                #expect(abs(a.gradientNorm - b.gradientNorm) / a.gradientNorm < 1e-4)
            }
        }
    }

    @Test func theSameSeedGivesTheSameBytesForAnyNumberOfWorkers() throws {
        let runs = try [1, 2, 8].map { workers in
            let trainer = try Self.trainer(shareTokens: 40, workers: workers, method: LowRankMethod())
            for _ in 0..<4 { _ = try trainer.update(interruption: Interruption()) }
            return (trainer.history, trainer.trainedParameters.map { $0.dense().floats })
        }
        #expect(runs[0].0 == runs[1].0 && runs[0].0 == runs[2].0)
        #expect(runs[0].1 == runs[1].1 && runs[0].1 == runs[2].1)
    }

    @Test func aFrozenTrunkIsRememberedWithoutChangingTheRun() throws {
        let trainer = try Self.trainer(shareTokens: 60, workers: 2, method: FullMethod(["last": .count(1)]))
        let losses = try (0..<4).map { _ in try trainer.update(interruption: Interruption()).loss }
        // Computed in the first of four epochs, recalled in the others.
        let shares = trainer.trunk.computations.load(ordering: .relaxed)
        #expect(shares > 0)
        #expect(trainer.trunk.recalls.load(ordering: .relaxed) == 3 * shares)
        let model = trainer.model
        let forgetful = TrunkCache(model: model, tuning: Tuning(), limit: 0)
        #expect(TrunkCache(model: model, tuning: trainer.tuning).depth == 1)
        #expect(forgetful.depth == 2)
        let again = try Self.trainer(
            shareTokens: 60, workers: 1, method: FullMethod(["last": .count(1)]), keepsTrunk: false)
        // Other epochs, other shares: what is computed again in other company is the same to the last bit.
        for loss in losses { #expect(try again.update(interruption: Interruption()).loss == loss) }
        #expect(again.trunk.recalls.load(ordering: .relaxed) == 0)
    }

    private static func trainer(
        shareTokens: Int, workers: Int, method: any Method, keepsTrunk: Bool = true
    ) throws -> Trainer {
        let model = try ModelLoader.load(path: ReferenceTests.fixtures.appending(path: "llama").path)
        let examples = (0..<8).map { (index: Int) -> EncodedExample in
            let ids = (0..<(6 + 5 * index)).map { (place: Int) in Int32((place * 7 + index) % 50) }
            return EncodedExample(text: ids, identity: UInt64(index))
        }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.shareTokens) = (8, 4, shareTokens)
        return try Trainer(
            model: model, task: NextToken(),
            tuning: try method.tuning(of: model, seed: 9),
            examples: examples, settings: settings, workers: Workers(count: workers),
            trunkLimit: keepsTrunk ? nil : 0)
    }
}
