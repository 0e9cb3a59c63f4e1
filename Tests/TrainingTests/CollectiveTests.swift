import Compute
import Diagnostics
import Learning
import Models
import Synchronization
import TestFixtures
import Testing

@testable import Training

/// The seam under the sum of gradients, and what partial sums change.
@Suite struct CollectiveTests {
    /// Eight examples in several shares, each over all workers, as large models are trained.
    private static func trainer(
        workers: Int, sums: Int, isWide: Bool = true, collective: any Collective = LocalCollective()
    ) throws -> Trainer {
        let model = try ModelLoader.load(path: ReferenceTests.fixtures.appending(path: "llama").path)
        let examples = (0..<8).map { (index: Int) -> EncodedExample in
            let ids = (0..<(6 + 5 * index)).map { (place: Int) in Int32((place * 7 + index) % 50) }
            return EncodedExample(text: ids, identity: UInt64(index))
        }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.shareTokens) = (8, 3, 40)
        (settings.isWide, settings.sums) = (isWide, sums)
        return try Trainer(
            model: model, task: NextToken(),
            tuning: try FullMethod().tuning(of: model, seed: 9),
            examples: examples, settings: settings, workers: Workers(count: workers), collective: collective)
    }

    private struct Outcome: Hashable {
        var history: [StepRecord]
        var values: [[UInt32]]
    }

    private static func outcome(of trainer: Trainer) throws -> Outcome {
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        return Outcome(
            history: trainer.history,
            values: trainer.trainedParameters.map { $0.dense().floats.map(\.bitPattern) })
    }

    @Test(arguments: [1, 2, 3])
    func equalSumsGiveEqualBytesOnAnyNumberOfWorkers(sums: Int) throws {
        let outcomes = try [1, 2, 8].map { try Self.outcome(of: Self.trainer(workers: $0, sums: sums)) }
        #expect(Set(outcomes).count == 1)
    }

    @Test func otherSumsAddInAnotherOrder() throws {
        let outcomes = try [1, 2, 3].map { try Self.outcome(of: Self.trainer(workers: 2, sums: $0)) }
        #expect(Set(outcomes).count == 3)
        for other in outcomes.dropFirst() {
            for (a, b) in zip(outcomes[0].history, other.history) {
                #expect(abs(a.loss - b.loss) / a.loss < 1e-5)
            }
        }
    }

    /// More sums than shares are as many as shares.
    @Test func sumsWithoutAShareAddNothing() throws {
        let many = try Self.outcome(of: Self.trainer(workers: 2, sums: 64))
        let more = try Self.outcome(of: Self.trainer(workers: 1, sums: 1000))
        #expect(many == more)
    }

    /// Sums change nothing where each share has a gradient of its own.
    @Test func sharesOfTheirOwnAreFoldedOneByOne() throws {
        let outcomes = try [1, 2].map {
            try Self.outcome(of: Self.trainer(workers: 2, sums: $0, isWide: false))
        }
        #expect(outcomes[0] == outcomes[1])
    }

    /// Counts what it is handed, and adds it up as this process does.
    private final class Counting: Collective {
        let parts = Mutex<[Int]>([])

        func sum(of counts: [Int], limit: Int) -> any GradientSum {
            Sum(LocalCollective().sum(of: counts, limit: limit), self)
        }

        private final class Sum: GradientSum {
            let inner: any GradientSum
            let counter: Counting
            init(_ inner: any GradientSum, _ counter: Counting) {
                (self.inner, self.counter) = (inner, counter)
            }
            var hasFailed: Bool { inner.hasFailed }
            func add(_ gradients: [Buffer?], loss: Double, at index: Int) {
                counter.parts.withLock { $0.append(index) }
                inner.add(gradients, loss: loss, at: index)
            }
            func fail(_ error: any Error, at index: Int) { inner.fail(error, at: index) }
            func result() throws -> (gradients: [Buffer], loss: Double) { try inner.result() }
        }
    }

    @Test func theCollectiveIsHandedEveryPartOnce() throws {
        for (isWide, sums) in [(false, 2), (true, 1), (true, 3)] {
            let counting = Counting()
            let trainer = try Self.trainer(workers: 2, sums: sums, isWide: isWide, collective: counting)
            _ = try trainer.update(interruption: Interruption())
            let handed = counting.parts.withLock { $0.sorted() }
            #expect(handed == Array(0..<handed.count))
            #expect(isWide ? handed.count == sums : handed.count > 3)
        }
    }
}
