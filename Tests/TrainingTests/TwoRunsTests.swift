import Diagnostics
import Foundation
import Learning
import Models
import Tensors
import TestFixtures
import Testing
import Training

/// Runs over one base do not see each other.
@Suite struct TwoRunsTests {
    enum Pair: CaseIterable {
        case twoAdapters, adapterAndFull, twoFull, twoWide

        func methods() throws -> [any Method] {
            switch self {
            case .twoAdapters:
                [try LowRankMethod(), try LowRankMethod(["targets": .names(["all-linear"])])]
            case .adapterAndFull: [try LowRankMethod(), try FullMethod()]
            case .twoFull, .twoWide: [try FullMethod(), try FullMethod(["last": .count(1)])]
            }
        }
    }

    private static func trainer(
        _ model: any LanguageModel, _ pair: Pair, _ index: Int, _ workers: Workers
    ) throws -> Trainer {
        let examples = (0..<10).map { (number: Int) -> EncodedExample in
            let ids = (0..<(5 + 3 * number)).map { (place: Int) in Int32((place * 7 + number + index) % 50) }
            return EncodedExample(ids: ids, identity: UInt64(number))
        }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.shareTokens, settings.lr) = (5, 6, 40, 1e-3)
        (settings.seed, settings.isWide) = (UInt64(index), pair == .twoWide ? true : nil)
        return try Trainer(
            model: model, objective: NextToken(isCausal: true),
            tuning: try pair.methods()[index].tuning(of: model, seed: UInt64(3 + index)), examples: examples,
            settings: settings, workers: workers)
    }

    private static func run(_ trainer: Trainer) throws -> [[Float]] {
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        return [trainer.history.map { Float($0.loss) }] + trainer.trainedParameters.map { $0.dense().floats }
    }

    /// The base of the second family is kept as stored, so that values are expanded while both run.
    @Test(arguments: Pair.allCases, ["llama", "gpt2"])
    func twoAtOnceAreAsTwoOneAfterTheOther(pair: Pair, family: String) throws {
        let path = ReferenceTests.fixtures.appending(path: family).path
        let workers = Workers(count: 2)
        defer { workers.close() }
        let wanted = try (0..<2).map { index in
            try Self.run(Self.trainer(ModelLoader.load(path: path), pair, index, workers))
        }
        for _ in 0..<4 {
            let model = try ModelLoader.load(path: path, precision: family == "gpt2" ? .native : .f32)
            let found = Locked<[Int: Result<[[Float]], any Error>]>([:])
            DispatchQueue.concurrentPerform(iterations: 2) { index in
                let result = Result { try Self.run(Self.trainer(model, pair, index, workers)) }
                found.withLock { $0[index] = result }
            }
            for index in 0..<2 {
                let values = try #require(found.withLock { $0[index] }).get()
                #expect(values == wanted[index], "run \(index)")
            }
        }
    }
}
