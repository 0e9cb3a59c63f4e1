import Compute
import Diagnostics
import Foundation
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// Writing with memories of what was read is what reading all again for each token comes to.
@Suite struct GeneratorTests {
    private static let prompts: [[Int32]] = [[3, 9, 27, 20, 8, 14, 50], [5, 25, 11], [41, 8, 2, 2, 60]]

    private static func settings(_ count: Int, _ change: (inout GenerationSettings) -> Void = { _ in })
        -> GenerationSettings
    {
        var settings = GenerationSettings()
        settings.maxTokens = count
        change(&settings)
        return settings
    }

    private static func write(
        _ model: any LanguageModel, _ tuning: Tuning?, _ prompts: [[Int32]], _ settings: GenerationSettings,
        workers: Int = 1
    ) throws -> Writing {
        let team = Workers(count: workers)
        defer { team.close() }
        return try Generator(
            model, under: tuning, tokenizer: WordNumbers(), settings: settings, workers: team
        ).write(prompts, interruption: Interruption())
    }

    /// The likeliest tokens, each from a pass over the whole sequence.
    private static func recomputed(
        _ model: any LanguageModel, _ tuning: Tuning?, _ prompt: [Int32], count: Int
    ) throws -> [Int32] {
        try tuning?.prepare(over: model)
        var tokens: [Int32] = []
        while tokens.count < count, prompt.count + tokens.count <= model.room(under: tuning) {
            let row = Row(ids: prompt + tokens, identity: 0, promptCount: prompt.count)
            let pass = Pass(Layout([row], under: tuning), under: tuning)
            let h = try model.hiddenStates(Tokens([row]), pass)
            let last = pass.layout.row(of: row.ids.count - 1, in: 0)
            let logits = try pass.reading([last]) {
                try model.vocabularyLogits(pass.gather(h, rows: [last]), pass)
            }
            let token = Int32(logits.largest(inRow: 0))
            if token == 2 { break }
            tokens.append(token)
        }
        return tokens
    }

    static let cases = MethodRegistryTests.changing.filter { $0.family != "bert" }

    @Test(arguments: cases) func underEveryMethodItIsWhatRecomputingGives(_ tried: MethodRegistryTests.Case)
        throws
    {
        let model = try tried.model()
        let tuning = try tried.method.init().tuning(of: model, seed: 1)
        for parameter in tuning.trainedParameters { parameter.fill(scale: 0.3, phase: 0.4) }
        let found = try Self.write(model, tuning, Self.prompts, Self.settings(10)).texts
        for (text, prompt) in zip(found, Self.prompts) {
            #expect(text.tokens == (try Self.recomputed(model, tuning, prompt, count: 10)))
        }
        #expect(found.contains { $0.tokens.count > 3 })
    }

    @Test(arguments: ["gpt2", "llama"], [Precision.f32, .nf4])
    func aWideModelWritesTheSameAlone(family: String, precision: Precision) throws {
        let model = try SizedModels.model(family, precision: precision)
        let together = try Self.write(model, Self.settings(12), workers: 2).texts
        for (index, prompt) in Self.prompts.enumerated() {
            for workers in [1, 2] {
                let alone = try Self.write(model, nil, [prompt], Self.settings(12), workers: workers).texts
                #expect(alone.map(\.tokens) == [together[index].tokens])
            }
            #expect(together[index].tokens == (try Self.recomputed(model, nil, prompt, count: 12)))
        }
    }

    private static func write(_ model: any LanguageModel, _ settings: GenerationSettings, workers: Int = 1)
        throws -> Writing
    {
        try write(model, nil, prompts, settings, workers: workers)
    }

    @Test func whatIsDrawnFollowsFromSeedAndPlaceAlone() throws {
        let model = try SizedModels.model("llama")
        let drawing = Self.settings(12) {
            $0.sampling = .init(temperature: 1.5, topK: 50)
            ($0.samples, $0.seed) = (3, 9)
        }
        let texts = try Self.write(model, drawing).texts
        #expect(texts.map(\.prompt) == [0, 0, 0, 1, 1, 1, 2, 2, 2])
        #expect(texts.map(\.sample) == [0, 1, 2, 0, 1, 2, 0, 1, 2])
        #expect(Set(texts.map(\.tokens)).count == 9)
        #expect(try Self.write(model, drawing, workers: 2).texts == texts)
        let first = try Self.write(model, nil, [Self.prompts[0]], drawing).texts
        #expect(first == Array(texts.prefix(3)))
        var other = drawing
        other.seed = 10
        #expect(try Self.write(model, other).texts.map(\.tokens) != texts.map(\.tokens))
    }

    /// More prompts than are written at once, some of which end early.
    @Test func theNextPromptTakesTheRoomOfAnEndedOne() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        let prompts = (0..<70).map { (index: Int) in
            (0...index % 5).map { (place: Int) in Int32((index * 7 + place * 3 + 3) % 61) }
        }
        let all = try Self.write(model, nil, prompts, Self.settings(15))
        #expect(all.texts.count == 70)
        for index in [0, 31, 32, 33, 69] {
            let alone = try Self.write(model, nil, [prompts[index]], Self.settings(15)).texts[0]
            #expect(all.texts[index].tokens == alone.tokens && all.texts[index].prompt == index)
        }
        #expect(all.promptTokens == prompts.reduce(0) { $0 + $1.count })
        let ended = all.texts.count { $0.ending == .end }
        #expect(all.tokens == all.texts.reduce(0) { $0 + $1.tokens.count } + ended)
    }

    // MARK: - Ends

    /// What is written past the tokens that end a text.
    private static func endings(_ settings: GenerationSettings, _ prompt: [Int32] = prompts[0]) throws
        -> WrittenText
    {
        var settings = settings
        settings.ignoresEnds = true
        return
            try write(ModelLoader.load(path: GoldenFiles.model("llama")), nil, [prompt], settings).texts[0]
    }

    @Test func whyATextEndsIsSaid() throws {
        let free = try Self.endings(Self.settings(10))
        #expect(free.ending == .maxTokens && free.tokens.count == 10)
        #expect(free.text == " " + free.tokens.map { "w\($0)" }.joined(separator: " "))
        let third = "w\(free.tokens[2])"
        let whole = free.tokens.indices.map { place in
            free.tokens[...place].map { " w\($0)" }.joined()
        }
        let stop = try #require(whole.firstIndex { $0.contains(third) })
        let stopped = try Self.endings(Self.settings(10) { $0.stops = [third] })
        #expect(stopped.ending == .stop && stopped.tokens == Array(free.tokens[...stop]))
        #expect(!stopped.text.contains(third) && free.text.hasPrefix(stopped.text))
        let first = try #require(free.tokens.firstIndex { $0 == free.tokens[2] || $0 == 2 })
        let ended = try Generator(
            ModelLoader.load(path: GoldenFiles.model("llama")), tokenizer: WordNumbers(),
            settings: Self.settings(10), ends: [free.tokens[2]], workers: Workers(count: 1)
        ).write([Self.prompts[0]], interruption: Interruption()).texts[0]
        #expect(ended.ending == .end && ended.tokens == Array(free.tokens.prefix(first)))
        let long = (0..<60).map { Int32(3 + $0 % 50) }
        let full = try Self.endings(Self.settings(100) { $0.sampling = .init(temperature: 3) }, long)
        #expect(full.ending == .context && full.tokens.count == 5)
    }

    @Test func aPenaltyKeepsFromSayingTheSameAgain() throws {
        let free = try Self.endings(Self.settings(20))
        let spared = try Self.endings(Self.settings(20) { $0.repetitionPenalty = 50 })
        #expect(Set(spared.tokens).count > Set(free.tokens).count)
        #expect(Set(spared.tokens).isDisjoint(with: Self.prompts[0]))
    }

    @Test func progressIsTheText() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("gpt2"))
        var shown = ["", "", ""]
        var tokens = [0, 0, 0]
        let writing = try Generator(
            model, tokenizer: WordNumbers(), settings: Self.settings(6), workers: Workers(count: 1)
        ).write(Self.prompts, interruption: Interruption()) { piece in
            shown[piece.prompt] += piece.text
            tokens[piece.prompt] = piece.tokens
        }
        #expect(shown == writing.texts.map(\.text) && tokens == writing.texts.map(\.tokens.count))
    }

    @Test func anInterruptEndsIt() throws {
        let interruption = Interruption()
        let generator = try Generator(
            ModelLoader.load(path: GoldenFiles.model("llama")), tokenizer: WordNumbers(),
            settings: Self.settings(50), workers: Workers(count: 1))
        var count = 0
        #expect(throws: Interrupted.self) {
            try generator.write(Self.prompts, interruption: interruption) { _ in
                count += 1
                if count == 7 { interruption.request() }
            }
        }
        #expect(count >= 7 && count < 12)
    }

    @Test func whatCannotBeWrittenIsRefused() throws {
        let bert = try ModelLoader.load(path: GoldenFiles.model("bert"))
        #expect(throws: Diagnostic.self) { try Self.write(bert, Self.settings(3)) }
        let llama = try ModelLoader.load(path: GoldenFiles.model("llama"))
        func code(_ prompts: [[Int32]], _ settings: GenerationSettings = GeneratorTests.settings(3))
            -> String?
        {
            do {
                _ = try Self.write(llama, nil, prompts, settings)
                return nil
            } catch {
                return (error as? Diagnostic)?.code
            }
        }
        #expect(code([[]]) == "no-text")
        #expect(code([Array(repeating: 5, count: 65)]) == "too-long")
        #expect(code([Array(repeating: 5, count: 64)]) == nil)
        #expect(code([[5]], Self.settings(3) { $0.stops = [""] }) == "bad-value")
    }
}
