import Compute
import Diagnostics
import Learning
import Models
import TestFixtures
import Testing
import Tokenizers

@testable import Training

/// What prompt and prefix tuning begin with, where they stand, and what they leave room for.
@Suite struct SoftPromptMethodTests {
    private static let families = ["bert", "gpt2", "llama"]

    private static func model(_ family: String) throws -> any LanguageModel {
        try ModelLoader.load(path: GoldenFiles.model(family))
    }

    private static func prompt(_ tuning: Tuning) throws -> [[Float]] {
        let parameter = try #require(tuning.trainedParameters.first)
        let values = parameter.dense().floats
        return (0..<parameter.rows).map {
            Array(values[$0 * parameter.columns..<($0 + 1) * parameter.columns])
        }
    }

    private static func words(_ model: any LanguageModel) -> [[Float]] {
        let values = model.words.values().floats
        return (0..<model.words.rows).map {
            Array(values[$0 * model.words.columns..<($0 + 1) * model.words.columns])
        }
    }

    @Test(arguments: families) func aPromptBeginsAsWordsOfTheVocabulary(family: String) throws {
        let model = try Self.model(family)
        let words = Self.words(model)
        let rows = try Self.prompt(PromptTuningMethod(["tokens": .count(8)]).tuning(of: model, seed: 3))
        #expect(rows.count == 8 && rows.allSatisfy(words.contains))
        let others = try Self.prompt(PromptTuningMethod(["tokens": .count(8)]).tuning(of: model, seed: 4))
        #expect(rows != others)
    }

    /// Its tokens, special ones included, over and over, or the first of them.
    @Test(arguments: families) func aPromptBeginsAsAText(family: String) throws {
        let model = try Self.model(family)
        let (words, text) = (Self.words(model), "the river rose")
        let ids = WordNumbers().encode(text, addingSpecialTokens: true)
        for count in [2, ids.count, ids.count + 2] {
            let method = try PromptTuningMethod(["tokens": .count(count), "text": .word(text)])
            let rows = try Self.prompt(method.tuning(of: model, reading: WordNumbers(), seed: 1))
            #expect(rows == (0..<count).map { words[Int(ids[$0 % ids.count])] })
        }
        let method = try PromptTuningMethod(["text": .word(text)])
        #expect(throws: Diagnostic.self) { try method.tuning(of: model, seed: 1) }
    }

    @Test func aRandomPromptIsStandardNormal() throws {
        let model = try Self.model("llama")
        let method = try PromptTuningMethod(["tokens": .count(50), "init": .word("random")])
        let values = try Self.prompt(method.tuning(of: model, seed: 3)).flatMap { $0 }
        let mean = values.reduce(0, +) / Float(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
        #expect(abs(mean) < 0.1 && abs(variance - 1) < 0.15)
    }

    /// As if the text stood there: a decoder's states of what follows are those behind the words themselves.
    @Test(arguments: ["gpt2", "llama", "llama3"]) func aPrefixThatBeginsAsATextIsThatText(
        family: String
    ) throws {
        let model = try Self.model(family)
        let text = "the river rose and carried"
        let before = WordNumbers().encode(text, addingSpecialTokens: true)
        let after: [Int32] = [7, 9, 30, 2]
        let method = try PrefixTuningMethod(["tokens": .count(before.count), "text": .word(text)])
        let tuning = try method.tuning(of: model, reading: WordNumbers(), seed: 1)
        func states(_ ids: [Int32], _ tuning: Tuning?) throws -> [Float] {
            let row = Row(ids: ids, identity: 1)
            let h = try model.hiddenStates(
                Tokens([row]), Pass(Layout([row], under: tuning), under: tuning))
            return Array(h.floats.suffix(after.count * h.columns))
        }
        let (behind, prefixed) = (try states(before + after, nil), try states(after, tuning))
        for (one, other) in zip(behind, prefixed) { #expect(abs(one - other) < 1e-4 * max(1, abs(one))) }
    }

    @Test(arguments: families) func aPrefixBeginsAtZero(family: String) throws {
        let model = try Self.model(family)
        let tuning = try PrefixTuningMethod().tuning(of: model, seed: 1)
        #expect(tuning.trainedParameters.allSatisfy { $0.dense().floats.allSatisfy { $0 == 0 } })
        let projected = try PrefixTuningMethod(["projection": .flag(true)]).tuning(of: model, seed: 1)
        let encoder = try #require(projected.keyValues[0] as? PrefixTuning).encoder
        #expect(try encoder.values().floats.allSatisfy { $0 == 0 })
    }

    // MARK: - Gradients

    /// Every kind of start and place, on every family: against central differences of the loss.
    @Test(
        arguments: families,
        [
            ["projection": SettingValue.flag(true), "hidden": .count(5), "init": .word("random")],
            ["init": .word("random")],
        ]) func aPrefixsGradientsAreTheLossesSlopes(family: String, given: [String: SettingValue]) throws
    {
        try Self.compareSlopes(
            PrefixTuningMethod(given.merging(["tokens": .count(3)]) { $1 }), on: Self.model(family))
    }

    @Test(arguments: [("bert", "start"), ("bert", "after_cls"), ("gpt2", "start"), ("llama", "start")])
    func aPromptsGradientsAreTheLossesSlopes(family: String, at: String) throws {
        try Self.compareSlopes(
            PromptTuningMethod(["tokens": .count(3), "at": .word(at)]), on: Self.model(family))
    }

    private static func compareSlopes(_ method: any Method, on model: any LanguageModel) throws {
        let tuning = try method.tuning(of: model, seed: 1)
        let head = ClassificationHead(
            for: model, classes: 2, pooling: model.defaultPooling, usesPooler: false, seed: 1)
        head.classifier.weight.fill(scale: 0.4, phase: 0.5)
        let task = HeadOnly(head: head)
        let examples = GoldenFiles.sequences.enumerated().map { index, ids in
            EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 2))
        }
        let rows = examples.flatMap(\.rows)
        try Slopes.compare(of: tuning.trainedParameters) {
            let pass = Pass(
                Layout(rows, under: tuning), under: tuning, training: Pass.Randomness(seed: 7, step: 3))
            let h = try model.hiddenStates(Tokens(rows), pass)
            return (pass, try task.learn(h, examples, model: model, scale: 1, pass))
        }
    }

    /// A wide pass and shares on several workers.
    @Test(arguments: [true, false]) func aProjectionsBytesAreTheSameWithAnyNumberOfWorkers(
        isWide: Bool
    ) throws {
        func bits(_ workers: Int) throws -> [UInt32] {
            let model = try Self.model("llama")
            let given: [String: SettingValue] = [
                "tokens": .count(5), "projection": .flag(true), "hidden": .count(7), "init": .word("random"),
            ]
            let examples = (0..<8).map { (index: Int) -> EncodedExample in
                let ids = (0..<4 + 3 * index).map { (place: Int) in Int32((place * 7 + index) % 50) }
                return EncodedExample(text: ids, identity: UInt64(index))
            }
            var settings = TrainerSettings()
            (settings.batch, settings.epochs, settings.shareTokens) = (4, 2, 40)
            settings.isWide = isWide
            let trainer = try Trainer(
                model: model, task: NextToken(), tuning: PrefixTuningMethod(given).tuning(of: model, seed: 2),
                examples: examples, settings: settings, workers: Workers(count: workers))
            while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
            return trainer.trainedParameters.flatMap { $0.dense().floats.map(\.bitPattern) }
        }
        let one = try bits(1)
        #expect(try bits(2) == one)
        #expect(try bits(5) == one)
    }

    // MARK: - Places

    /// With [CLS] first, the rows after it, and the text behind them: what any order of embeddings would give.
    @Test func afterTheFirstTokenTheRowsAreWordsLikeOthers() throws {
        let model = try Self.model("bert")
        let ids: [Int32] = [2, 17, 40, 5, 3]
        let method = try PromptTuningMethod(["tokens": .count(3), "at": .word("after_cls")])
        let tuning = try method.tuning(of: model, seed: 4)
        let words = Self.words(model)
        let same = try Self.prompt(tuning).map { row in Int32(try #require(words.firstIndex(of: row))) }
        let row = Row(ids: ids, identity: 1)
        let led = try model.hiddenStates(
            Tokens([row]), Pass(Layout([row], under: tuning), under: tuning))
        let plain = Row(ids: ids[..<1] + same + ids[1...], identity: 1)
        let written = try model.hiddenStates(Tokens([plain]), Pass(Layout([plain], under: nil)))
        #expect(led.floats == written.floats)
    }

    @Test func rowsAmongTokensShiftPositionsAndNoKeys() {
        let plain = Layout(lengths: [3, 1], identities: [8, 9])
        let led = Layout(lengths: [3, 1], identities: [8, 9], leading: 2, tokensBeforeLeading: 1)
        #expect(led.starts == [0, 5, 8] && led.tokenCount == 4)
        #expect(led.positions == [0, 1, 2, 3, 4, 0, 1, 2])
        #expect([0, 3, 4, 5].map { led.keys[$0] } == plain.keys)
        #expect((0..<3).map { led.row(of: $0, in: 0) } == [0, 3, 4])
        #expect(led.rowed([1, 2, 3, 4], before: 0) == [1, 0, 0, 2, 3, 4, 0, 0])
        #expect(led.prompt(of: 0).rows == 0..<5 && led.prompt(of: 0).count == 5)
    }

    @Test func whatDoesNotFitIsSaid() throws {
        let model = try Self.model("llama")
        func problem(_ method: any Method) -> Diagnostic? {
            #expect(throws: Diagnostic.self) { try method.tuning(of: model, seed: 1) }
        }
        #expect(problem(try PromptTuningMethod(["at": .word("after_cls")]))?.code == "no-cls")
        #expect(problem(try PromptTuningMethod(["tokens": .count(62)]))?.code == "too-long")
        #expect(problem(try PrefixTuningMethod(["tokens": .count(62)]))?.hint == "tokens=61 or less")
        let nothing = #expect(throws: Diagnostic.self) {
            try PromptTuningMethod(["text": .word(" ")])
                .tuning(of: model, reading: Silent(), seed: 1)
        }
        #expect(nothing?.code == "no-text")
    }

    /// It makes nothing of any text.
    private struct Silent: Tokenizer {
        var vocabularySize: Int { 61 }
        var special: SpecialTokens { SpecialTokens() }
        var template: Template { Template(single: [.first(segment: 0)], pair: []) }
        func encode(_ text: String) -> [Int32] { [] }
        func decode(_ ids: [Int32], skippingSpecialTokens: Bool) -> String { "" }
        func id(of token: String) -> Int32? { nil }
        func token(of id: Int32) -> String? { nil }
    }

    /// max_length is cut by what the method takes, and asking for more than there is stays an error.
    @Test(arguments: [PromptTuningMethod.self as any Method.Type, PrefixTuningMethod.self])
    func textsAreShorterByTheVirtualTokens(method: any Method.Type) throws {
        let model = try Self.model("bert")
        let tuning = try method.init().tuning(of: model, seed: 1)
        var request = TaskRequest("tiny", model, WordNumbers(), TaskCase.dataset, maxLength: 30, seed: 3)
        #expect(try TaskRegistry.task(for: request).maxLength == 30)
        request.taken = tuning.positionCount
        #expect(try TaskRegistry.task(for: request).maxLength == 12)
        request.maxLength = nil
        #expect(try TaskRegistry.task(for: request).maxLength == 12)
        request.maxLength = 33
        #expect(throws: Diagnostic.self) { try TaskRegistry.task(for: request) }
        #expect(throws: Diagnostic.self) { try TaskRequest.require(13, of: "tiny", model, under: tuning) }
        try TaskRequest.require(12, of: "tiny", model, under: tuning)
    }

    @Test func ratesGoByTheSource() throws {
        func rate(_ method: any Method, isWriting: Bool) -> Double {
            method.declaration.rate.value(for: method.values, isWriting: isWriting)
        }
        #expect(rate(try PromptTuningMethod(), isWriting: true) == 0.03)
        #expect(rate(try PrefixTuningMethod(), isWriting: false) == 0.01)
        #expect(rate(try PrefixTuningMethod(["projection": .flag(false)]), isWriting: false) == 0.01)
        #expect(rate(try PrefixTuningMethod(["projection": .flag(true)]), isWriting: false) == 5e-5)
        #expect(rate(try PrefixTuningMethod(["projection": .flag(false)]), isWriting: false) == 1e-2)
    }
}
