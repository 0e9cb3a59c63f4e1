import Compute
import Datasets
import Diagnostics
import Learning
import Models
import TestFixtures
import Testing
import Tokenizers

@testable import Training

/// Examples with their answers before what is asked.
@Suite struct ShotsTests {
    private static func model() throws -> any LanguageModel {
        try ModelLoader.load(path: GoldenFiles.model("llama"))
    }

    private static let labels = ["bad", "very good"]
    private static let end: Int32 = 2

    private static func classes(_ template: String = "plain", maxLength: Int = 64) throws -> AnswerWriting {
        try AnswerWriting(
            model: model(), tokenizer: WordNumbers(), labels: labels,
            template: TemplateRegistry.named(template), instruction: "Which?", maxLength: maxLength)
    }

    private static func requests(_ template: String = "alpaca", maxLength: Int = 64) throws -> TextWriting {
        var dataset = Dataset(name: "requests", columns: [], source: "here")
        dataset.roles = [.instruction: "instruction", .text: "input", .answer: "output"]
        return try TextWriting(
            model: model(), tokenizer: WordNumbers(), template: TemplateRegistry.named(template),
            dataset: dataset, maxLength: maxLength)
    }

    private static func request(_ instruction: String, _ answer: String, id: Int) -> Example {
        var example = Example(text: "", id: id)
        (example.instruction, example.answer) = (instruction, answer)
        return example
    }

    private static func words(_ text: String) -> [Int32] { WordNumbers().encode(text) }

    @Test func anAnswerIsShownAsItIsLearned() throws {
        let task = try Self.classes()
        let shot = try #require(task.shot(of: Example(text: "a film", label: 1, id: 0)))
        let after = try #require(task.after([shot]))
        let row = try #require(
            try after.encoder.encode(Example(text: "a song", label: 0, id: 1), nil).rows.first)
        let shown = Self.words("a film Which Answer") + Self.words("very good") + [Self.end]
        let asked = Self.words("a song Which Answer")
        #expect(row.ids == [1] + shown + asked + Self.words("bad") + [Self.end])
        #expect(row.promptCount == 1 + shown.count + asked.count)
        #expect(row.learned.map(\.target) == [.label(Int(Self.words("bad")[0])), .label(2)])
        #expect(task.tokenCount(of: [shot]) == shown.count)
    }

    /// Turns of one dialogue, whose system turn comes once; nothing of them is learned.
    @Test func aDialogueShowsThemAsTurns() throws {
        let task = try Self.requests("smollm2")
        let shots = [("name a bird", "a wren"), ("name a fish", "an eel")].enumerated().compactMap {
            task.shot(of: Self.request($1.0, $1.1, id: $0))
        }
        let after = try #require(task.after(shots))
        let row = try #require(
            try after.encoder.encode(Self.request("name a tree", "an oak", id: 9), nil).rows.first)
        let learned = row.learned.map { row.ids[$0.place + 1] }
        #expect(learned == Self.words("an oak<|im_end|>"))
        let system = Self.words("You are a helpful")
        let starts = row.ids.indices.count { row.ids[$0...].starts(with: system) }
        #expect(starts == 1)
        for text in ["a wren", "an eel"] {
            let shown = Self.words("assistant \(text) im end")
            #expect(row.ids.indices.contains { row.ids[$0...].starts(with: shown) })
        }
    }

    @Test func ofARequestTheAnswerAloneIsLearned() throws {
        let task = try Self.requests()
        let shot = try #require(task.shot(of: Self.request("name a bird", "a wren", id: 0)))
        let example = Self.request("name a tree", "an oak", id: 9)
        let (plain, shown) = (
            try task.encoder.encode(example, nil),
            try #require(task.after([shot])).encoder.encode(example, nil)
        )
        #expect(shown.rows[0].learned.map(\.target) == plain.rows[0].learned.map(\.target))
        #expect(shown.rows[0].ids.count == plain.rows[0].ids.count + task.tokenCount(of: [shot]))
        #expect(shown.rows[0].ids.suffix(plain.rows[0].ids.count - 1) == plain.rows[0].ids.dropFirst())
        #expect(shown.rows[0].ids.count { $0 == Self.end } == 2, "each answer with its end")
    }

    // MARK: - What fits

    private static func dataset(_ train: [String], _ test: [String]) -> Dataset {
        Dataset(
            name: "films", columns: [], textColumn: "text", labelColumn: "label", labels: labels,
            train: train.enumerated().map { Example(text: $1, label: $0 % 2, id: $0) },
            test: test.enumerated().map { Example(text: $1, label: $0 % 2, id: 100 + $0) }, source: "here")
    }

    private static func after(
        _ count: Int, _ dataset: Dataset, maxLength: Int
    ) throws -> (task: any LearningTask, use: ShotUse) {
        try classes(maxLength: maxLength).after(
            count, of: dataset, before: dataset.test, seed: 1, workers: Workers(count: 1),
            interruption: Interruption())
    }

    @Test func whatDoesNotFitIsSaid() throws {
        let dataset = Self.dataset(
            ["one day", "two days", "three days", "four days", "five"], ["a b", "c d"])
        let all = try Self.after(4, dataset, maxLength: 64)
        #expect(all.use.count == 4 && all.use.remark == nil && all.task.shots.count == 4)
        let few = try Self.after(4, dataset, maxLength: 20)
        #expect((1..<4).contains(few.use.count) && few.use.remark?.contains("of 4 examples fit") == true)
        #expect(few.use.tokens + 6 <= 20)
        let row = try few.task.encoder.encode(dataset.test[0], nil)
        #expect(row.cut == 0 && row.rows[0].ids.count <= 20)
        let more = try Self.after(9, dataset, maxLength: 64)
        #expect(more.use.drawn == 5 && more.use.remark?.contains("5 to draw where 9") == true)
    }

    @Test func whereNotEvenOneFitsItIsRefused() throws {
        let dataset = Self.dataset(
            [Array(repeating: "long", count: 40).joined(separator: " ")], ["a b", "c d"])
        let problem = try #require(throws: Diagnostic.self) { try Self.after(1, dataset, maxLength: 24) }
        #expect(problem.code == "too-long" && problem.message.contains("the shortest takes 44 tokens"))
    }

    /// Long texts leave half of the room.
    @Test func longTextsLeaveHalfOfTheRoom() throws {
        let long = Array(repeating: "long", count: 60).joined(separator: " ")
        let found = try Self.after(8, Self.dataset(["a b", "c d", "e f", "g h"], [long]), maxLength: 40)
        #expect(found.use.count == 3 && found.use.tokens <= 20)
        let row = try found.task.encoder.encode(Example(text: long, label: 0, id: 7), nil)
        #expect(row.cut > 0 && row.rows[0].ids.count <= 40)
    }

    @Test func aTrainingPartThatIsJudgedHasNothingToShow() throws {
        let dataset = Self.dataset(["a b", "c d"], [])
        let problem = try #require(throws: Diagnostic.self) {
            try Self.classes().after(
                2, of: dataset, before: dataset.train, seed: 1, workers: Workers(count: 1),
                interruption: Interruption())
        }
        #expect(problem.code == "no-shots" && problem.message.contains("not among the texts"))
    }

    @Test func whatAsksNothingInWordsTakesNone() throws {
        for tried in TaskCase.all where !["answers", "writing"].contains(tried.declaration.name) {
            let task = try tried.task(on: tried.model())
            #expect(task.after([]) == nil, "\(tried)")
        }
    }
}
