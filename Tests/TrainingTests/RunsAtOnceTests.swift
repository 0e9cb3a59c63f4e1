import Compute
import Diagnostics
import Learning
import Models
import Synchronization
import System
import TestFixtures
import Testing

@testable import Training

/// Several runs over one team of workers, each in a thread of its own.
@Suite struct RunsAtOnceTests {
    private struct Outcome: Hashable {
        var history: [StepRecord]
        var values: [[UInt32]]
    }

    private struct Job: Sendable {
        var family: String
        var seed: UInt64
        var isWide = false
        var method: @Sendable () throws -> any Method = {
            try LowRankMethod(["targets": .names(["all-linear"])])
        }

        /// Trains a model of its own.
        func outcome(on workers: Workers) throws -> Outcome {
            let model = try ModelLoader.load(path: ReferenceTests.fixtures.appending(path: family).path)
            let examples = (0..<8).map { (index: Int) -> EncodedExample in
                let ids = (0..<(4 + 4 * index)).map { (place: Int) in Int32((place * 7 + index) % 50) }
                return EncodedExample(text: ids, identity: UInt64(index), isCausal: model.isCausal)
            }
            var settings = TrainerSettings()
            (settings.batch, settings.epochs, settings.shareTokens, settings.seed) = (6, 4, 40, seed)
            settings.isWide = isWide
            let tuning = try method().tuning(of: model, seed: seed)
            let task = NextToken()
            let trainer = try Trainer(
                model: model, task: task, tuning: tuning, examples: examples,
                settings: settings, workers: workers)
            while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
            return Outcome(
                history: trainer.history,
                values: tuning.trainedParameters.map { $0.dense().floats.map(\.bitPattern) })
        }
    }

    private static let jobs = [
        Job(family: "bert", seed: 1),
        Job(family: "llama", seed: 2, isWide: true, method: { try FullMethod() }),
        Job(family: "gpt2", seed: 3, method: { try FullMethod(["last": .count(1)]) }),
        Job(family: "llama", seed: 4),
    ]

    @Test(arguments: [2, 4])
    func runsAtOnceGiveTheBytesOfRunsInTurn(count: Int) throws {
        let workers = Workers(count: count)
        defer { workers.close() }
        let inTurn = try Self.jobs.map { try $0.outcome(on: workers) }
        for _ in 0..<3 {
            let found = Mutex<[Int: Result<Outcome, any Error>]>([:])
            let gate = Gate()
            for (index, job) in Self.jobs.enumerated() {
                PlainThread("run") {
                    let outcome = Result { try job.outcome(on: workers) }
                    found.withLock { $0[index] = outcome }
                    gate.open()
                }.detach()
            }
            gate.wait { found.withLock { $0.count == Self.jobs.count } }
            for (index, outcome) in inTurn.enumerated() {
                #expect(try found.withLock { $0[index] }?.get() == outcome, "run \(index)")
            }
        }
    }
}
