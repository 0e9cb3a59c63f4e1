import Compute
import Diagnostics
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// An encoder that writes by filling masks in.
@Suite struct MaskWriterTests {
    private static func write(
        _ prompts: [[Int32]], order: FillingSettings.Order = .left, rounds: Int = 0, workers: Int = 1,
        under tuning: Tuning? = nil, _ change: (inout GenerationSettings) -> Void = { _ in },
        onText: (WritingProgress) -> Void = { _ in }
    ) throws -> Writing {
        var settings = GenerationSettings()
        settings.maxTokens = 8
        change(&settings)
        var filling = FillingSettings()
        (filling.order, filling.rounds) = (order, rounds)
        let team = Workers(count: workers)
        defer { team.close() }
        return try MaskWriter(
            MasksGolden.model("bert"), under: tuning, tokenizer: WordNumbers(), settings: settings,
            filling: filling, workers: team
        ).write(prompts, interruption: Interruption(), onText: onText)
    }

    private static let prompts: [[Int32]] = [[1, 9, 27, 20], [1, 25], [1, 41, 8, 33, 60, 12]]

    @Test func theLikeliestWordsAreThoseOfTheReference() throws {
        let golden = try MasksGolden.read()
        #expect(golden.filled.count { $0.gap > 1e-4 } > 4)
        for wanted in golden.filled where wanted.gap > 1e-4 {
            let order = try #require(FillingSettings.Order(rawValue: wanted.order))
            let found = try Self.write([wanted.prompt], order: order) {
                ($0.maxTokens, $0.repetitionPenalty) = (wanted.count, golden.penalty)
            }
            #expect(found.texts.map(\.tokens) == [wanted.tokens], "\(wanted.prompt), \(order)")
        }
    }

    @Test(arguments: FillingSettings.Order.allCases, [0, 2])
    func severalAreWrittenAsEachAlone(order: FillingSettings.Order, rounds: Int) throws {
        func texts(_ prompts: [[Int32]], workers: Int = 1) throws -> [WrittenText] {
            try Self.write(prompts, order: order, rounds: rounds, workers: workers).texts
        }
        let together = try texts(Self.prompts)
        #expect(try texts(Self.prompts, workers: 3) == together)
        for (index, prompt) in Self.prompts.enumerated() {
            #expect(try texts([prompt]).map(\.tokens) == [together[index].tokens])
        }
    }

    @Test func whatIsDrawnFollowsTheSeed() throws {
        func texts(_ seed: UInt64) throws -> [[Int32]] {
            try Self.write(Self.prompts, rounds: 1) {
                ($0.sampling, $0.seed, $0.samples) = (.init(temperature: 4), seed, 3)
            }.texts.map(\.tokens)
        }
        #expect(try texts(1) == texts(1) && texts(1) != texts(2))
        #expect(Set(try texts(1)).count > 6)
    }

    @Test func roundsChooseEachWordAnew() throws {
        func written(_ rounds: Int) throws -> Writing {
            try Self.write(Self.prompts, rounds: rounds) {
                ($0.ignoresEnds, $0.repetitionPenalty) = (true, 3)
            }
        }
        let (once, again) = (try written(0), try written(3))
        #expect(again.tokens == 4 * once.tokens)
        #expect(again.texts != once.texts)
    }

    @Test func nothingThatIsNoWordIsWritten() throws {
        let found = try Self.write(Self.prompts) {
            ($0.sampling, $0.samples, $0.ignoresEnds) = (.init(temperature: 30), 20, true)
        }
        #expect(
            found.texts.allSatisfy { text in text.tokens.count == 8 && text.tokens.allSatisfy { $0 > 2 } })
        let ended = try Self.write(Self.prompts) {
            ($0.sampling, $0.samples) = (.init(temperature: 30), 20)
        }.texts
        #expect(ended.contains { $0.ending == .end && $0.tokens.count < 8 })
        #expect(ended.allSatisfy { ($0.ending == .end) == ($0.tokens.count < 8) })
    }

    @Test func wordsComeOneByOneFromTheLeftAndAllAtOnceElsewhere() throws {
        var told: [String] = []
        let found = try Self.write(
            [Self.prompts[0]], { $0.ignoresEnds = true }, onText: { told.append($0.text) })
        #expect(told.count == 8 && told.joined() == found.texts[0].text && !told[0].isEmpty)
        told = []
        let other = try Self.write(
            [Self.prompts[0]], order: .likeliest, { $0.ignoresEnds = true }, onText: { told.append($0.text) })
        #expect(told.dropLast().allSatisfy(\.isEmpty) && told.last == other.texts[0].text)
    }

    @Test(arguments: FillingSettings.Order.allCases)
    func aStopStringEndsATextBeforeIt(order: FillingSettings.Order) throws {
        let whole = try Self.write([Self.prompts[0]], order: order) { $0.ignoresEnds = true }.texts[0]
        let stop = "w\(whole.tokens[3])"
        let found = try Self.write([Self.prompts[0]], order: order) { settings in
            (settings.ignoresEnds, settings.stops) = (true, [stop])
        }.texts[0]
        #expect(found.ending == .stop && !found.text.contains(stop) && whole.text.hasPrefix(found.text))
    }

    @Test func noMoreMasksStandThereThanTheModelCanRead() throws {
        let long: [Int32] = [1] + (0..<26).map { 3 + Int32($0) }
        let found = try Self.write([long]) { ($0.maxTokens, $0.ignoresEnds) = (40, true) }.texts[0]
        #expect(found.tokens.count == 32 - long.count && found.ending == .context)
        let problem = #expect(throws: Diagnostic.self) { try Self.write([long + long]) }
        #expect(problem?.code == "too-long")
    }

    @Test func modelsThatFillNothingInAreRefused() throws {
        for model in [
            try MasksGolden.model("bert-base"), try ModelLoader.load(path: GoldenFiles.model("llama")),
        ] {
            let found = #expect(throws: Diagnostic.self) {
                try MaskWriter(
                    model, tokenizer: WordNumbers(), settings: GenerationSettings(),
                    workers: Workers(count: 1))
            }
            #expect(found?.code == "no-language-head")
        }
    }

    @Test func theLikeliestWordsOfAMaskAreTheReferences() throws {
        let golden = try MasksGolden.read().likeliest
        let found = try FilledMasks.all(
            in: ["the river [MASK] and carried [MASK]"], by: MasksGolden.model("bert"), under: nil,
            tokenizer: WordNumbers(), interruption: Interruption())[0]
        #expect(found.masks.count == golden.count)
        for (words, wanted) in zip(found.masks, golden) {
            #expect(words.map { Int($0.token) } == wanted.map { Int($0[0]) })
            #expect(zip(words, wanted).allSatisfy { abs($0.probability - $1[1]) < 1e-5 })
        }
        let bare = #expect(throws: Diagnostic.self) {
            try FilledMasks.all(
                in: ["the river"], by: MasksGolden.model("bert"), under: nil, tokenizer: WordNumbers(),
                interruption: Interruption())
        }
        #expect(bare?.code == "no-mask")
    }
}
