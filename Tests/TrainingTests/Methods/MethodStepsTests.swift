import Compute
import Diagnostics
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// What holds for every method once it trains.
@Suite struct MethodStepsTests {
    private static let examples = GoldenFiles.sequences.enumerated().map { index, ids in
        EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 2))
    }

    private static func task(_ model: any LanguageModel) -> HeadOnly {
        let head = ClassificationHead(
            for: model, classes: 2, pooling: model.isCausal ? .last : .mean, usesPooler: false, seed: 1)
        head.classifier.weight.fill(scale: 0.4, phase: 0.5)
        return HeadOnly(head: head)
    }

    @Test(arguments: MethodRegistryTests.cases)
    func theFirstLogitsAreTheBasesUnlessItSaysSo(_ tried: MethodRegistryTests.Case) throws {
        let model = try tried.model()
        let tuning = try tried.method.init().tuning(of: model, seed: 1)
        func states(_ tuning: Tuning?) throws -> [Float] {
            let sequences = GoldenFiles.sequences
            let rows = sequences.enumerated().map { Row(ids: $1, identity: UInt64($0)) }
            let pass = Pass(Layout(rows, under: tuning), under: tuning)
            return try model.hiddenStates(Tokens(rows), pass).floats
        }
        #expect(try (states(tuning) == states(nil)) != tuning.beginsElsewhere)
    }

    /// Against central differences of the loss, at a few places of each tensor.
    @Test(arguments: MethodRegistryTests.cases)
    func everyGradientIsTheLossesSlope(_ tried: MethodRegistryTests.Case) throws {
        let model = try tried.model()
        let tuning = try tried.method.init().tuning(of: model, seed: 1)
        let task = Self.task(model)
        let rows = Self.examples.flatMap(\.rows)
        func learn() throws -> (pass: Pass, loss: Double) {
            let pass = Pass(
                Layout(rows, under: tuning), under: tuning, training: Pass.Randomness(seed: 7, step: 3))
            let h = try model.hiddenStates(Tokens(rows), pass)
            return (pass, try task.learn(h, Self.examples, model: model, scale: 1, pass))
        }
        try tuning.prepare(over: model)
        try Slopes.compare(of: tuning.trainedParameters, learn)
    }

    /// Settings under which other operations compute, dropout among them.
    private static let variants: [(any Method.Type, [String: SettingValue])] = [
        (LowRankMethod.self, ["dora": .flag(true), "dropout": .number(0.4)]),
        (LowRankMethod.self, ["targets": .names(["all-linear", "embeddings"]), "dropout": .number(0.3)]),
        (LowRankMethod.self, ["tokens": .names(["3", "9", "20"]), "init": .word("pissa"), "r": .count(3)]),
        (VeRAMethod.self, ["dropout": .number(0.3), "d_initial": .number(1), "r": .count(12)]),
    ]

    @Test(arguments: 0..<4, ["bert", "gpt2", "llama"])
    func everyVariantsGradientIsTheLossesSlope(number: Int, family: String) throws {
        let (kind, given) = Self.variants[number]
        let model = try MethodRegistryTests.Case(method: kind, family: family).model()
        let tuning = try kind.init(given).tuning(of: model, seed: 1)
        // Away from zero, where half of them have no gradient.
        for (index, parameter) in tuning.trainedParameters.enumerated()
        where parameter.name.hasSuffix("lora_B.weight") || parameter.name.contains("lambda_b")
            || parameter.name.contains("embedding_A")
        {
            parameter.fill(scale: 0.2, phase: Double(index))
        }
        let task = Self.task(model)
        let rows = Self.examples.flatMap(\.rows)
        func learn() throws -> (pass: Pass, loss: Double) {
            let pass = Pass(
                Layout(rows, under: tuning), under: tuning, training: Pass.Randomness(seed: 7, step: 3))
            let h = try model.hiddenStates(Tokens(rows), pass)
            return (pass, try task.learn(h, Self.examples, model: model, scale: 1, pass))
        }
        try tuning.prepare(over: model)
        try Slopes.compare(of: tuning.trainedParameters, learn)
    }

    /// Two epochs of two steps, several shares each.
    @Test(arguments: MethodRegistryTests.cases)
    func theBytesAreTheSameWithAnyNumberOfWorkers(_ tried: MethodRegistryTests.Case) throws {
        func bits(workers: Int) throws -> [UInt64] {
            let model = try tried.model()
            let tuning = try tried.method.init().tuning(of: model, seed: 9)
            let examples = (0..<8).map { (index: Int) -> EncodedExample in
                let ids = (0..<min(4 + 4 * index, model.room(under: tuning))).map { (place: Int) in
                    Int32((place * 7 + index) % 50)
                }
                return EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 2))
            }
            var settings = TrainerSettings()
            (settings.batch, settings.epochs, settings.shareTokens) = (4, 2, 40)
            (settings.weightDecay, settings.lr) = (0.01, 1e-3)
            let trainer = try Trainer(
                model: model, task: Self.task(model), tuning: tuning,
                examples: examples, settings: settings, workers: Workers(count: workers))
            while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
            #expect(trainer.step == 4)
            return trainer.history.flatMap { [$0.loss.bitPattern, $0.gradientNorm.bitPattern] }
                + trainer.trainedParameters.flatMap { $0.dense().floats.map { UInt64($0.bitPattern) } }
        }
        let one = try bits(workers: 1)
        #expect(try bits(workers: 2) == one)
        #expect(try bits(workers: 5) == one)
    }
}
