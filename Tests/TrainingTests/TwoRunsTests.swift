import Checkpoints
import Compute
import Diagnostics
import Foundation
import JSON
import Learning
import Models
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
            return EncodedExample(text: ids, identity: UInt64(number))
        }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.shareTokens, settings.lr) = (5, 6, 40, 1e-3)
        (settings.seed, settings.isWide) = (UInt64(index), pair == .twoWide ? true : nil)
        return try Trainer(
            model: model, task: NextToken(),
            tuning: try pair.methods()[index].tuning(of: model, seed: UInt64(3 + index)), examples: examples,
            settings: settings, workers: workers)
    }

    private static func run(_ trainer: Trainer) throws -> [[Float]] {
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        return [trainer.history.map { Float($0.loss) }] + trainer.trainedParameters.map { $0.dense().floats }
    }

    /// Weights that are expanded from half precision are handed from the base to full tuning while the other run
    /// reads them, and expanded anew.
    @Test(arguments: ["llama", "gpt2"])
    func valuesAreHandedOverBesideAnotherRun(family: String) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try HalfPrecision.copy(of: ReferenceTests.fixtures.appending(path: family), to: folder)
        let workers = Workers(count: 2)
        defer { workers.close() }
        try Self.expectTheSameAtOnce(.adapterAndFull, workers, rounds: 8) {
            try ModelLoader.load(path: folder.path, precision: .f32)
        }
    }

    @Test(arguments: Pair.allCases, ["llama", "gpt2"])
    func twoAtOnceAreAsTwoOneAfterTheOther(pair: Pair, family: String) throws {
        let path = ReferenceTests.fixtures.appending(path: family).path
        let workers = Workers(count: 2)
        defer { workers.close() }
        try Self.expectTheSameAtOnce(pair, workers, rounds: 4) {
            try ModelLoader.load(path: path, precision: family == "gpt2" ? .native : .f32)
        }
    }

    /// Each run over a base of its own first, then both over one, in two threads.
    private static func expectTheSameAtOnce(
        _ pair: Pair, _ workers: Workers, rounds: Int, _ load: () throws -> any LanguageModel
    ) throws {
        let wanted = try (0..<2).map { try run(trainer(load(), pair, $0, workers)) }
        for _ in 0..<rounds {
            let model = try load()
            let found = Locked<[Int: Result<[[Float]], any Error>]>([:])
            DispatchQueue.concurrentPerform(iterations: 2) { index in
                let result = Result { try run(trainer(model, pair, index, workers)) }
                found.withLock { $0[index] = result }
            }
            for index in 0..<2 {
                let values = try #require(found.withLock { $0[index] }).get()
                #expect(values == wanted[index], "run \(index)")
            }
        }
    }
}

/// A checkpoint's copy in bf16.
private enum HalfPrecision {
    static func copy(of source: URL, to folder: URL) throws {
        let files = FileManager.default
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        try files.copyItem(
            at: source.appending(path: "config.json"), to: folder.appending(path: "config.json"))
        let file = try SafetensorsFile(path: source.appending(path: "model.safetensors").path)
        var header = JSONObject()
        var bytes = Data()
        for tensor in file.tensors {
            let start = bytes.count
            for value in tensor.floats() {
                let high = UInt16(truncatingIfNeeded: value.bitPattern >> 16)
                bytes.append(contentsOf: [
                    UInt8(truncatingIfNeeded: high), UInt8(truncatingIfNeeded: high >> 8),
                ])
            }
            header[tensor.name] = [
                "dtype": "BF16", "shape": .array(tensor.shape.map(JSON.integer)),
                "data_offsets": [.integer(start), .integer(bytes.count)],
            ]
        }
        let text = Data(JSON.object(header).utf8())
        let count = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        try (Data(count) + text + bytes).write(to: folder.appending(path: "model.safetensors"))
    }
}
