import Compute
import Diagnostics
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

@Suite struct ReFTMethodTests {
    private static func tuning(
        _ model: any LanguageModel, _ given: [String: SettingValue] = [:]
    ) throws -> Tuning { try ReFTMethod(given).tuning(of: model, seed: 3) }

    /// 2dr + r a block, twice where first and last tokens have changes of their own.
    @Test func itTrainsAsManyAsThePaperCounts() throws {
        try ShapedModels.with("bert") { model in
            func check(_ given: [String: SettingValue], _ wanted: Int) throws {
                let found = try Self.tuning(model, given).trainedParameters.reduce(0) { $0 + $1.count }
                #expect(found == wanted, "\(given)")
            }
            try check(["r": .count(1), "share": .flag(true)], 18_444)
            try check(["r": .count(1), "positions": .word("l1")], 18_444)
            try check(["r": .count(1)], 2 * 18_444)
            try check(["r": .count(1), "kind": .word("direft"), "share": .flag(true)], 18_444)
            let noreft: [String: SettingValue] = [
                "r": .count(4), "kind": .word("noreft"), "share": .flag(true),
            ]
            try check(noreft, 12 * (2 * 768 * 4 + 4))
            try check(noreft.merging(["add_bias": .flag(true)]) { $1 }, 12 * (2 * 768 * 4 + 8))
            try check(
                ["r": .count(8), "layers": .names(["last:6"]), "share": .flag(true)], 6 * 12_296)
        }
    }

    @Test func pyreftsWordsForPositionsAreUnderstood() throws {
        let forms = [("f7+l7", 7, 7), ("f3", 3, 0), ("l2", 0, 2), ("f0+l1", 0, 1), ("l1+f2", 2, 1)]
        for (text, first, last) in forms {
            let positions = try ReFTPositions(parsing: text)
            #expect(positions.first == first && positions.last == last, "\(text)")
        }
        for text in ["", "7", "f", "f0", "f1+f2", "f1+l1+l1", "f-1", "x1", "f1l1", "f9999999"] {
            #expect(throws: Diagnostic.self, "\(text)") { try ReFTPositions(parsing: text) }
        }
    }

    @Test func pyreftsWordsForLayersAreUnderstood() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        let all = try Self.tuning(model, ["layers": .names(["all"])])
        #expect(all.outputs.keys.sorted() == [0, 1] && all.reach == .block(0))
        #expect(try Self.tuning(model, ["layers": .names(["0;1"])]).outputs.count == 2)
        let last = try Self.tuning(model, ["layers": .names(["1"])])
        #expect(last.outputs.keys.sorted() == [1] && last.reach == .block(1))
        #expect(throws: Diagnostic.self) { try Self.tuning(model, ["layers": .names(["2"])]) }
    }

    @Test func whatDoesNotGoTogetherIsRefused() throws {
        let bias = #expect(throws: Diagnostic.self) { try ReFTMethod(["add_bias": .flag(true)]) }
        #expect(bias?.setting == "add_bias")
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        let wide = #expect(throws: Diagnostic.self) { try Self.tuning(model, ["r": .count(25)]) }
        #expect(wide?.setting == "r" && wide?.message.contains("24") == true)
    }

    private static func task(_ model: any LanguageModel) -> HeadOnly {
        let head = ClassificationHead(
            for: model, classes: 2, pooling: model.isCausal ? .last : .mean, usesPooler: false, seed: 1)
        head.classifier.weight.fill(scale: 0.4, phase: 0.5)
        return HeadOnly(head: head)
    }

    private static func trainer(
        _ model: any LanguageModel, _ tuning: Tuning, trunkLimit: Int? = nil, epochs: Double = 4
    ) throws -> Trainer {
        let examples = (0..<6).map { (index: Int) -> EncodedExample in
            let ids = (0..<(1 + 4 * index)).map { (place: Int) in Int32((place * 7 + index) % 50) }
            return EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 2))
        }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.shareTokens) = (3, epochs, 30)
        (settings.weightDecay, settings.lr) = (0.01, 2e-2)
        return try Trainer(
            model: model, task: task(model), tuning: tuning, examples: examples, settings: settings,
            workers: Workers(count: 2), trunkLimit: trunkLimit)
    }

    /// How far the products of a tuning's directions are from those of orthonormal ones.
    private static func deviation(_ tuning: Tuning) -> Double {
        var largest = 0.0
        for parameter in tuning.parameters where parameter.name.hasSuffix("rotate_layer") {
            let (values, rank) = (parameter.dense().floats, parameter.columns)
            for one in 0..<rank {
                for other in 0..<rank {
                    let product = (0..<parameter.rows).reduce(0.0) {
                        $0 + Double(values[$1 * rank + one]) * Double(values[$1 * rank + other])
                    }
                    largest = max(largest, abs(product - (one == other ? 1 : 0)))
                }
            }
        }
        return largest
    }

    @Test(arguments: ["loreft", "direft"]) func directionsStayOrthonormal(kind: String) throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("gpt2"))
        let trainer = try Self.trainer(model, Self.tuning(model, ["kind": .word(kind), "r": .count(5)]))
        let before = trainer.tuning.parameters.map { $0.dense().floats }
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        #expect(trainer.tuning.parameters.map { $0.dense().floats } != before)
        #expect(Self.deviation(trainer.tuning) < 1e-6)
    }

    /// What is unfrozen again is trained as it was.
    @Test func directionsStayOrthonormalAfterFreezeAndUnfreeze() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("gpt2"))
        let words = WeightSelection(["1"])
        let tuning = try WeightChange(freezes: false, words, keeps: false).applied(
            to: WeightChange(freezes: true, words, keeps: true).applied(
                to: Self.tuning(model, ["r": .count(5)]), of: model), of: model)
        #expect(tuning.trainedParameters.count { $0.name.contains("h.1.reft") } == 6)
        let trainer = try Self.trainer(model, tuning)
        let before = tuning.outputs[1]?.parameters.map { $0.dense().floats }
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        #expect(trainer.tuning.outputs[1]?.parameters.map { $0.dense().floats } != before)
        #expect(Self.deviation(trainer.tuning) < 1e-6)
    }

    @Test(arguments: ["bert", "llama"]) func aKeptTrunkChangesNoByte(family: String) throws {
        func bits(_ limit: Int?) throws -> [UInt32] {
            let model = try ModelLoader.load(path: GoldenFiles.model(family))
            let trainer = try Self.trainer(
                model, Self.tuning(model, ["layers": .names(["last:1"]), "dropout": .number(0.2)]),
                trunkLimit: limit)
            #expect(trainer.trunk.depth == 1)
            while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
            return trainer.trainedParameters.flatMap { $0.dense().floats.map(\.bitPattern) }
        }
        #expect(try bits(nil) == bits(0))
    }

    /// Prompts so short that half of one is less than its first tokens, beside longer ones.
    @Test(arguments: ["gpt2", "llama"], ["f7+l1", "f1+l1", "l7", "f4+l4"])
    func aBeginningThatIsComputedOnceChangesNothing(family: String, positions: String) throws {
        let model = try ModelLoader.load(path: GoldenFiles.model(family))
        let tuning = try Self.tuning(model, ["positions": .word(positions)])
        let evaluator = Evaluator(
            model: model, under: tuning, task: Self.task(model), workers: Workers(count: 2))
        let beginning = (0..<9).map { Int32($0 * 5 % 61) }
        let examples = [[5], [40, 2, 8], [11, 3, 3, 4, 9, 8, 7, 5, 6, 1]].enumerated().map {
            EncodedExample(ids: beginning + $1, identity: UInt64($0))
        }
        let prefix = try CommonPrefix(
            of: examples.flatMap(\.rows), for: Self.task(model).readout, model: model, under: tuning,
            interruption: Interruption())
        #expect((prefix.length > 0) == (positions == "f1+l1"))
        let together = try evaluator.evaluate(examples, interruption: Interruption()).answers.map(\.values)
        let apart = try examples.map { example in
            try #require(
                try evaluator.evaluate([example], interruption: Interruption()).answers.first?.values)
        }
        for (one, other) in zip(together.joined(), apart.joined()) {
            #expect(abs(one - other) < 1e-5 * max(1, abs(other)), "\(together), \(apart)")
        }
    }

    @Test func itSaysThatItDoesNotBeginAsTheBase() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        #expect(try Self.tuning(model).beginsElsewhere)
        #expect(
            try ReFTMethod().remarks(on: model, isWriting: false).first?.contains("not begin as the base")
                == true)
    }
}
