import Compute
import Datasets
import Diagnostics
import Foundation
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// Classes scored by their words, each whole and with the end that is learned.
@Suite struct WordScoringTests {
    /// What `Tests/Golden/make_label_words.py` computed by Transformers.
    struct Golden: Decodable {
        struct Scores: Decodable { let alone, shots: [[Double]] }
        struct Shot: Decodable {
            let text: String
            let label: Int
            init(from decoder: any Decoder) throws {
                var values = try decoder.unkeyedContainer()
                (text, label) = (try values.decode(String.self), try values.decode(Int.self))
            }
        }

        let labels, texts: [String]
        let instruction: String
        let shots: [Shot]
        let tokens: [Int]
        let scores: [String: Scores]

        static func read() throws -> Golden { try WritingGolden.read("label-words") }

        var examples: [Example] { texts.enumerated().map { Example(text: $1, id: $0) } }

        func task(on model: any LanguageModel, by scoring: WordScoring = .sum) throws -> AnswerWriting {
            try AnswerWriting(
                model: model, tokenizer: WordNumbers(), labels: labels,
                template: TemplateRegistry.named("plain"), instruction: instruction, scoring: scoring,
                maxLength: 64)
        }

        /// With the golden examples before each text.
        func shown(_ task: any LearningTask) throws -> any LearningTask {
            let shots = shots.enumerated().compactMap { id, shot in
                task.shot(of: Example(text: shot.text, label: shot.label, id: 100 + id))
            }
            return try #require(task.after(shots))
        }
    }

    private static func model(_ family: String) throws -> any LanguageModel {
        try ModelLoader.load(path: GoldenFiles.model(family))
    }

    private static func answers(
        _ golden: Golden, _ task: any LearningTask, by model: any LanguageModel, under tuning: Tuning? = nil,
        sharing: Bool = true
    ) throws -> [[Float]] {
        let encoded = try golden.examples.map { try task.encoder.encode($0, nil) }
        return try Evaluator(
            model: model, under: tuning, task: task, workers: Workers(count: 2), sharesBeginnings: sharing
        ).evaluate(encoded, interruption: Interruption()).answers.map(\.values)
    }

    private static func normalised(_ scores: [Double]) -> [Double] {
        let top = scores.max() ?? 0
        let sum = scores.reduce(0) { $0 + exp($1 - top) }
        return scores.map { $0 - top - log(sum) }
    }

    @Test(arguments: ["llama", "llama3"], [false, true])
    func scoresAreTheReferences(family: String, hasShots: Bool) throws {
        let golden = try Golden.read()
        let model = try Self.model(family)
        let scores = try #require(golden.scores[family])
        for scoring in WordScoring.allCases {
            var task: any LearningTask = try golden.task(on: model, by: scoring)
            if hasShots { task = try golden.shown(task) }
            let found = try Self.answers(golden, task, by: model)
            for (values, wanted) in zip(found, hasShots ? scores.shots : scores.alone) {
                let means = zip(wanted, golden.tokens).map { $0 / Double($1) }
                let expected = Self.normalised(scoring == .sum ? wanted : means)
                for (value, wanted) in zip(values, expected) { #expect(abs(Double(value) - wanted) < 1e-5) }
            }
        }
    }

    /// The sums themselves, before classes are held against each other.
    @Test func eachClassIsARowWithItsEnd() throws {
        let golden = try Golden.read()
        let model = try Self.model("llama")
        let task = try golden.task(on: model)
        let rows = try golden.examples.flatMap {
            task.encoder.asked(try task.encoder.encode($0, nil)).rows
        }
        #expect(rows.map(\.learned.count) == golden.examples.flatMap { _ in golden.tokens })
        #expect(rows.allSatisfy { $0.learned.last?.target == .label(2) && $0.ids.last != 2 })
        let losses = try Evaluator(model: model, under: nil, task: task, workers: Workers(count: 1))
            .losses(of: rows, interruption: Interruption())
        let wanted = try #require(golden.scores["llama"]).alone.flatMap { $0 }
        for (losses, wanted) in zip(losses, wanted) {
            let sum = losses.reduce(0.0) { $0 - Double($1) }
            #expect(abs(sum - wanted) < 1e-5 * max(1, abs(wanted)))
        }
    }

    /// A word that costs no more than another but for its length wins by the mean, and not by the sum.
    @Test func lengthCountsBySumAndNotByMean() {
        let row = { (count: Int) in
            Row(ids: [1], identity: 0, learned: (0..<count).map { _ in Learned(place: 0, .label(0)) })
        }
        let example = EncodedExample([row(2), row(4)])
        let losses: [Float] = [1, 1, 0.9, 0.9, 0.9, 0.9]
        let predictions = WordScoring.allCases.map { scoring in
            var judge = WordJudge(labels: ["short", "long"], scoring: scoring)
            judge.add(losses: losses, [example], numbered: [0])
            return judge.answers[0].prediction
        }
        #expect(WordScoring.allCases == [.sum, .mean] && predictions == [0, 1])
    }

    /// What is trained is not changed by how classes are scored.
    @Test func trainingReadsTheSameRows() throws {
        let golden = try Golden.read()
        let model = try Self.model("llama")
        let (sum, mean) = (try golden.task(on: model), try golden.task(on: model, by: .mean))
        let example = Example(text: golden.texts[0], label: 1, id: 0)
        #expect(try sum.encoder.encode(example, nil) == mean.encoder.encode(example, nil))
        #expect(sum.scored(by: .mean)?.scoring == .mean && sum.summary != mean.summary)
    }

    /// The prompt is computed once for all classes; that changes nothing, whatever is tuned.
    @Test(arguments: SmallHook.allCases, ["gpt2", "llama3"])
    func aPromptThatIsComputedOnceChangesNothing(hook: SmallHook, family: String) throws {
        let golden = try Golden.read()
        let model = try Self.model(family)
        let task = try AnswerWriting(
            model: model, tokenizer: WordNumbers(), labels: golden.labels,
            template: TemplateRegistry.named("plain"), instruction: golden.instruction, maxLength: 28)
        let tuning = try hook.tuning(of: model)
        let together = try Self.answers(golden, task, by: model, under: tuning)
        let apart = try Self.answers(golden, task, by: model, under: tuning, sharing: false)
        for (one, other) in zip(together.joined(), apart.joined()) {
            #expect(abs(one - other) < 1e-4 * max(1, abs(other)), "\(together), \(apart)")
        }
    }

    @Test func aTextIsTheSameAloneAndAmongOthers() throws {
        let golden = try Golden.read()
        let model = try Self.model("llama")
        let task = try golden.task(on: model)
        let encoded = try golden.examples.map { try task.encoder.encode($0, nil) }
        func answers(_ examples: [EncodedExample]) throws -> [[Float]] {
            try Evaluator(model: model, under: nil, task: task, workers: Workers(count: 2))
                .evaluate(examples, interruption: Interruption()).answers.map(\.values)
        }
        let together = try answers(encoded)
        #expect(try encoded.flatMap { try answers([$0]) } == together)
    }
}
