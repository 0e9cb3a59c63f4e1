import Compute
import Diagnostics
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// Discriminative rates and gradual unfreezing.
@Suite struct LayerRatesTests {
    private static let cases = ["bert", "gpt2", "llama", "gpt2-untied", "llama3", "llama-classes"]

    @Test(arguments: cases) func tenStepsWithARateForEachLayerEqualPyTorchs(name: String) throws {
        try WeightSteps(of: FullMethod(["decay": .number(2.6)]), on: name, golden: "decay").check()
    }

    /// Every step is an epoch.
    @Test(arguments: cases) func tenStepsOfGradualUnfreezingEqualPyTorchs(name: String) throws {
        let method = try FullMethod(["decay": .number(2.6), "unfreeze": .word("gradual")])
        try WeightSteps(of: method, on: name, golden: "gradual").check()
    }

    @Test(arguments: ["bert", "gpt2", "llama"]) func ratesFallFromTheHeadToTheEmbeddings(family: String)
        throws
    {
        let model = try ModelLoader.load(path: GoldenFiles.model(family))
        let tuning = try FullMethod(["layer_decay": .number(0.5)]).tuning(of: model, seed: 1)
        var rates: [Part: Float] = [:]
        for group in tuning.groups {
            for parameter in group.parameters { rates[model.part(of: parameter.name)] = group.rate }
        }
        #expect(rates[.embeddings] == 0.125 && rates[.block(0)] == 0.25 && rates[.block(1)] == 0.5)
        #expect(rates.filter { $0.key > .block(1) }.values.allSatisfy { $0 == 1 })
        let last = try LastMethod(["n": .count(2), "decay": .number(4)]).tuning(of: model, seed: 1)
        #expect(Set(last.groups.map(\.rate)).isSuperset(of: [0.25, 0.0625]))
        // Nothing was said, and nothing is other than before.
        #expect(try FullMethod().tuning(of: model, seed: 1).groups.count == 1)
    }

    private static func trainer(
        _ model: any LanguageModel, workers: Int = 2, trunkLimit: Int? = nil, writes: Bool = false,
        start: RunStart = RunStart(), epochs: Double = 4
    ) throws -> Trainer {
        let head = ClassificationHead(
            for: model, classes: 2, pooling: model.isCausal ? .last : .mean, usesPooler: false, seed: 1)
        let examples = (0..<6).map { (index: Int) -> EncodedExample in
            let ids = (0..<(4 + 3 * index)).map { (place: Int) in Int32((place * 7 + index) % 50) }
            return writes
                ? EncodedExample(text: ids, identity: UInt64(index), isCausal: model.isCausal)
                : EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 2))
        }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.shareTokens) = (3, epochs, 30)
        (settings.weightDecay, settings.lr) = (0.01, 1e-3)
        let method = try FullMethod(["unfreeze": .word("gradual"), "decay": .number(2)])
        return try Trainer(
            model: model, task: writes ? NextToken() : HeadOnly(head: head),
            tuning: method.tuning(of: model, seed: 1), examples: examples, settings: settings,
            workers: Workers(count: workers), trunkLimit: trunkLimit, start: start)
    }

    /// Where there is no head of its own, the last block is the first to learn, and what follows it.
    @Test(arguments: [
        ("bert", false), ("gpt2", false), ("llama", true), ("gpt2", true), ("gpt2-untied", true),
    ])
    func whatRestsDoesNotChange(family: String, writes: Bool) throws {
        let model = try ModelLoader.load(path: GoldenFiles.model(family))
        let trainer = try Self.trainer(model, writes: writes)
        var lowest: [Part] = [.languageHead, .block(1), .block(0), .embeddings]
        if writes, model.tiedTable != nil { lowest.removeFirst() }
        let depths: [Part: Int] = [.languageHead: 2, .block(1): 1, .block(0): 0, .embeddings: 0]
        for (epoch, part) in lowest.enumerated() {
            let before = trainer.trainedParameters.map { ($0.name, $0.dense().floats) }
            for _ in 0..<2 { _ = try trainer.update(interruption: Interruption()) }
            let after = Dictionary(
                uniqueKeysWithValues: trainer.trainedParameters.map { ($0.name, $0.dense().floats) })
            for (name, values) in before {
                let learns = model.store[name] == nil || model.part(of: name) >= part
                #expect((after[name] != values) == learns, "\(name) in epoch \(epoch)")
            }
            #expect(trainer.trunk.depth == depths[part])
        }
    }

    @Test(arguments: ["bert", "llama"]) func theBytesAreTheSameHoweverItIsDone(family: String) throws {
        func bits(_ workers: Int, _ limit: Int?) throws -> [UInt64] {
            let trainer = try Self.trainer(
                ModelLoader.load(path: GoldenFiles.model(family)), workers: workers, trunkLimit: limit)
            while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
            return trainer.history.map(\.loss.bitPattern)
                + trainer.trainedParameters.flatMap { $0.dense().floats.map { UInt64($0.bitPattern) } }
        }
        let one = try bits(1, nil)
        #expect(try bits(3, nil) == one && bits(2, 0) == one)
    }

    /// In the middle of every phase.
    @Test(arguments: [1, 3, 4, 7]) func aStoppedRunGoesOnToTheSameBytes(stop: Int) throws {
        func model() throws -> any LanguageModel { try ModelLoader.load(path: GoldenFiles.model("gpt2")) }
        func values(_ trainer: Trainer) -> [[Float]] { trainer.trainedParameters.map { $0.dense().floats } }
        let whole = try Self.trainer(model())
        while !whole.isFinished { _ = try whole.update(interruption: Interruption()) }
        let first = try Self.trainer(model())
        for _ in 0..<stop { _ = try first.update(interruption: Interruption()) }
        let second = try Self.trainer(model())
        try second.restore(first.state)
        while !second.isFinished { _ = try second.update(interruption: Interruption()) }
        #expect(values(second) == values(whole))
        #expect(second.history == whole.history)
    }

    @Test func aFurtherRunGoesOnWhereTheLastOneHadCome() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("gpt2"))
        let trainer = try Self.trainer(model, start: RunStart(steps: 4, epochs: 2), epochs: 1)
        let before = trainer.trainedParameters.map { ($0.name, $0.dense().floats) }
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        for (parameter, (name, values)) in zip(trainer.trainedParameters, before) {
            let rests = model.store[name] != nil && model.part(of: name) == .embeddings
            #expect((parameter.dense().floats == values) == rests, "\(name)")
        }
    }

    @Test func whatDoesNotGoTogetherIsRefusedAndTheRestSaid() throws {
        let problem = #expect(throws: Diagnostic.self) {
            try FullMethod(["decay": .number(2), "layer_decay": .number(0.5)])
        }
        #expect(problem?.code == "two-values")
        let model = try ModelLoader.load(path: GoldenFiles.model("gpt2"))
        let said = try FullMethod(["unfreeze": .word("gradual")]).remarks(on: model, isWriting: false)
        #expect(said.first?.contains("all of it in epoch 4") == true)
        #expect(try FullMethod(["unfreeze": .word("all")]).remarks(on: model, isWriting: false).isEmpty)
    }
}
