import Compute
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// A batch norm before the classifier.
@Suite struct NormedHeadTests {
    private static let cases = ["bert", "llama-classes"]

    private static func model(_ name: String) throws -> any LanguageModel {
        try ModelLoader.load(
            path: name == "bert" ? GoldenFiles.peft("bert-base") : GoldenFiles.model("llama"))
    }

    private static func head(_ model: any LanguageModel) -> ClassificationHead {
        let head = ClassificationHead(
            for: model, classes: 2, pooling: model.defaultPooling, usesPooler: model.pooler != nil,
            norm: .batch, seed: 1)
        head.classifier.weight.fill(scale: 0.2, phase: 0.5)
        head.norm?.weight.fill(scale: 0.4, phase: 0.9)
        head.norm?.bias.fill(scale: 0.3, phase: 0.2)
        return head
    }

    private static func trainer(
        _ model: any LanguageModel, _ head: ClassificationHead, workers: Int = 2, batch: Int = 3,
        count: Int = 3,
        method: any Method
    ) throws -> Trainer {
        let examples = (0..<count).map { index in
            EncodedExample(
                ids: GoldenFiles.sequences[index % 3], identity: UInt64(index % 3),
                target: .label(index % 3 % 2))
        }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.lr, settings.weightDecay) = (batch, 10, 1e-3, 0.01)
        settings.schedule = ScheduleChoice(ConstantSchedule.self)
        let all: @Sendable (Int) -> [Int] = { _ in [0, 1, 2] }
        return try Trainer(
            model: model, task: HeadOnly(head: head), tuning: method.tuning(of: model, seed: 1),
            examples: examples, settings: settings, workers: Workers(count: workers),
            order: count == 3 ? all : nil)
    }

    private static func logits(
        _ model: any LanguageModel, _ tuning: Tuning?, _ head: ClassificationHead
    ) throws -> [Float] {
        let pass = Pass(Layout(lengths: GoldenFiles.sequences.map(\.count)), under: tuning)
        return try head.logits(
            model.hiddenStates(Tokens(ids: GoldenFiles.sequences.flatMap { $0 }), pass), pass
        ).floats
    }

    @Test(arguments: cases) func tenStepsAndBothModesEqualPyTorchs(name: String) throws {
        let file = GoldenFiles.folder.appending(path: "weights/batchnorm.json")
        let golden = try #require(try JSON(parsing: Data(contentsOf: file))[name])
        func numbers(_ key: String) -> [Double] { golden[key]?.array?.compactMap(\.number) ?? [] }
        func expectNear(_ found: [Float], _ wanted: [Double], _ what: String) {
            #expect(found.count == wanted.count)
            let scale = wanted.map(abs).max() ?? 1
            for (one, other) in zip(found, wanted) {
                #expect(abs(Double(one) - other) < 1e-4 * scale, "\(what)")
            }
        }
        let model = try Self.model(name)
        let head = Self.head(model)
        expectNear(try Self.logits(model, nil, head), numbers("before"), "logits before")
        let trainer = try Self.trainer(model, head, method: FullMethod())
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        #expect(trainer.history.count == 10)
        for (step, (loss, norm)) in zip(trainer.history, zip(numbers("losses"), numbers("norms"))) {
            #expect(abs(step.loss - loss) / loss < 1e-4, "loss of step \(step.step)")
            #expect(abs(step.gradientNorm - norm) / norm < 1e-4, "norm of step \(step.step)")
        }
        expectNear(try Self.logits(model, trainer.tuning, head), numbers("after"), "logits after")
        // What was there before stays until it is handed over.
        #expect(head.norm?.runningMean.dense().floats == [Float](repeating: 0, count: 24))
        _ = trainer.commit()
        expectNear(head.norm?.runningMean.dense().floats ?? [], numbers("mean"), "running mean")
        expectNear(head.norm?.runningVariance.dense().floats ?? [], numbers("variance"), "running variance")
    }

    @Test(arguments: cases) func theBytesAreTheSameWithAnyNumberOfWorkers(name: String) throws {
        func bits(_ workers: Int) throws -> [UInt32] {
            let model = try Self.model(name)
            let trainer = try Self.trainer(
                model, Self.head(model), workers: workers, batch: 4, count: 8, method: LowRankMethod())
            for _ in 0..<4 { _ = try trainer.update(interruption: Interruption()) }
            return trainer.tuning.parameters.flatMap { $0.dense().floats.map(\.bitPattern) }
        }
        let one = try bits(1)
        #expect(try bits(2) == one && bits(5) == one)
    }

    @Test func aStoppedRunGoesOnWithItsStatistics() throws {
        func trainer() throws -> Trainer {
            let model = try Self.model("bert")
            return try Self.trainer(model, Self.head(model), method: HeadMethod())
        }
        func values(_ trainer: Trainer) -> [[Float]] { trainer.tuning.parameters.map { $0.dense().floats } }
        let (whole, first, second) = try (trainer(), trainer(), trainer())
        for _ in 0..<6 { _ = try whole.update(interruption: Interruption()) }
        for _ in 0..<3 { _ = try first.update(interruption: Interruption()) }
        #expect(first.state.weights.contains { $0.name == "classifier.norm.running_var" })
        try second.restore(first.state)
        for _ in 0..<3 { _ = try second.update(interruption: Interruption()) }
        #expect(values(second) == values(whole))
    }

    /// As torch refuses it, but before the first step.
    @Test(arguments: [(1, 8), (4, 9), (7, 8)]) func aBatchOfOneTextIsRefused(batch: Int, count: Int) throws {
        let model = try Self.model("bert")
        let problem = #expect(throws: Diagnostic.self) {
            try Self.trainer(model, Self.head(model), batch: batch, count: count, method: HeadMethod())
        }
        #expect(problem?.code == "batch-of-one" && problem?.setting == "batch")
        let size = try #require(problem?.hint?.split(separator: "=").last.flatMap { Int($0) })
        _ = try Self.trainer(model, Self.head(model), batch: size, count: count, method: HeadMethod())
    }
}
