import Compute
import Datasets
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Training

/// Whole updates against PyTorch: the same start, the same losses.
@Suite struct ReferenceTests {
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/fixtures/models")

    static let miniLM: String? = {
        let environment = ProcessInfo.processInfo.environment
        let cache =
            environment["LORIKEET_HOME"] ?? (environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache")
            + "/lorikeet"
        let path = "\(cache)/models/minilm"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    @Test(arguments: ["bert", "llama", "llama3", "gpt2", "gpt2-untied"])
    func tenStepsOfFullTuningLoseAsMuchAsTheReference(family: String) throws {
        let model = try ModelLoader.load(path: Self.fixtures.appending(path: family).path)
        let task = NextToken()
        let examples = [7, 3, 11].enumerated().map { s, count in
            EncodedExample(
                text: (0..<count).map { (i: Int) in Int32((7 * i * i + 13 * i + 5 * s + 3) % 61) },
                identity: UInt64(s), isCausal: model.isCausal)
        }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.lr, settings.weightDecay) = (3, 10, 1e-3, 0.01)
        settings.schedule = ScheduleChoice(ConstantSchedule.self)
        let trainer = try Trainer(
            model: model, task: task, tuning: .everything(of: model), examples: examples,
            settings: settings, workers: Workers(count: 2))
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        let golden = try JSON(
            parsing: Data(contentsOf: Self.fixtures.appending(path: "\(family)/golden.json")))
        let wanted = try #require(golden["losses"]?.array).compactMap(\.number)
        for (record, loss) in zip(trainer.history, wanted) { #expect(abs(record.loss - loss) / loss < 1e-4) }
        #expect(trainer.history.count == wanted.count)
    }

    @Test(.enabled(if: miniLM != nil, "minilm is not in the cache"), arguments: [1, 2, 8])
    func tenLoRAStepsLoseAsMuchAsPEFT(workers: Int) throws {
        let model = try ModelLoader.load(path: try #require(Self.miniLM))
        let tuning = try LowRankMethod(["dropout": .number(0)]).tuning(of: model, seed: 1)
        for (index, parameter) in tuning.trainedParameters.filter({ $0.name.contains("lora_A") }).enumerated()
        {
            parameter.fill(scale: 0.05, phase: 0.1 * Double(index))
        }
        let head = ClassificationHead(for: model, classes: 2, pooling: .cls, usesPooler: true, seed: 1)
        head.classifier.weight.fill(scale: 0.02, phase: 0.5)
        let examples = [9, 60, 33, 120, 5, 18, 77, 40].enumerated().map { s, count -> EncodedExample in
            let middle = (0..<count).map { (i: Int) in Int32((31 * i * i + 17 * i + 1009 * s) % 28000 + 1000)
            }
            return EncodedExample(
                ids: [101] + middle + [102], identity: UInt64(s), target: .label(s % 2))
        }
        let wanted = try #require(
            JSON(parsing: Data(contentsOf: Self.fixtures.appending(path: "real.json")))["minilm"]?["losses"]?
                .array)
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.lr) = (4, 10, 2e-3)
        settings.schedule = ScheduleChoice(ConstantSchedule.self)
        let task = HeadOnly(head: head)
        let trainer = try Trainer(
            model: model, task: task, tuning: tuning, examples: examples,
            settings: settings,
            workers: Workers(count: workers), order: { step in (0..<4).map { (4 * step + $0) % 8 } })
        for loss in wanted.compactMap(\.number) {
            let found = try trainer.update(interruption: Interruption()).loss
            #expect(abs(found - loss) / loss < 1e-4, "\(found) against \(loss)")
        }
        // The same bytes whatever the number of workers: all runs are compared with the first.
        let losses = trainer.history.map(\.loss)
        let first = Self.firstRun.withLock { first in
            first = first ?? losses
            return first
        }
        #expect(first == losses)
    }

    private static let firstRun = Locked<[Double]?>(nil)
}

/// A value that parallel test cases share.
final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value
    init(_ value: Value) { self.value = value }
    func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return body(&value)
    }
}

extension Tuning {
    /// Every parameter of a model trained, its language head's included.
    static func everything(of model: any LanguageModel) -> Tuning {
        var tuning = Tuning(reach: .embeddings)
        let own = model.store.parameters.map { $0.successor() }
        tuning.groups = [ParameterGroup(own)]
        for parameter in own { tuning.replaced[parameter.name] = parameter }
        return tuning
    }
}
