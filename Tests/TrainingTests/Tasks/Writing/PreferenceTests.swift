import Compute
import Datasets
import Diagnostics
import Foundation
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// Losses of preferences beside TRL's formulas, and ten steps under each (`Tests/Golden/make_preferences.py`).
@Suite struct PreferenceTests {
    struct Golden: Decodable {
        struct Pair: Decodable { let prompt, chosen, rejected: String }
        struct Settings: Decodable {
            let beta: Double
            let smoothing: Double?
            let averagesTokens: Bool?

            private enum CodingKeys: String, CodingKey {
                case beta
                case smoothing = "label_smoothing"
                case averagesTokens = "average_tokens"
            }
        }
        struct Run: Decodable { let losses, norms, chosen, rejected, accuracies: [Double] }
        struct Case: Decodable {
            let settings: Settings
            let values: [[Double]]
            let full, lora: Run
        }
        let pairs: [Pair]
        let cases: [String: Case]
    }

    static let names = ["sigmoid", "sigmoid smoothed", "hinge", "ipo", "ipo summed", "robust"]

    private static func golden() throws -> Golden { try WritingGolden.read("preferences") }

    private static func choice(_ name: String, _ settings: Golden.Settings) throws -> PreferenceChoice {
        let kind = try #require(PreferenceLossRegistry.named(name.split(separator: " ").map(String.init)[0]))
        var given: [String: SettingValue] = ["beta": .number(settings.beta)]
        given["label_smoothing"] = settings.smoothing.map { .number($0) }
        given["average_tokens"] = settings.averagesTokens.map { .flag($0) }
        return PreferenceChoice(kind, given)
    }

    private static func dataset(_ pairs: [Golden.Pair]) -> Dataset {
        var dataset = Dataset(name: "pairs", columns: [], source: "here")
        dataset.roles = [.text: "prompt", .answer: "chosen", .rejected: "rejected"]
        dataset.train = pairs.enumerated().map { id, pair in
            var example = Example(text: pair.prompt, id: id)
            (example.answer, example.rejected) = (pair.chosen, pair.rejected)
            return example
        }
        dataset.test = dataset.train
        return dataset
    }

    @Test(arguments: names)
    func costsAndSlopesAreTheFormulas(name: String) throws {
        let golden = try #require(Self.golden().cases[name])
        let loss = try Self.choice(name, golden.settings).made
        #expect(golden.values.count == 9)
        for wanted in golden.values {
            let found = loss.cost(wanted[0])
            #expect(abs(found.value - wanted[1]) <= 1e-6 * max(1, abs(wanted[1])), "at \(wanted[0])")
            #expect(abs(found.slope - wanted[2]) <= 1e-6 * max(1, abs(wanted[2])), "slope at \(wanted[0])")
        }
    }

    @Test(arguments: names, ["full", "lora"])
    func tenStepsLoseAsMuchAsTheReference(name: String, method: String) throws {
        let golden = try Self.golden()
        let own = try #require(golden.cases[name])
        let wanted = method == "lora" ? own.lora : own.full
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        let dataset = Self.dataset(golden.pairs)
        let request = TaskRequest("tiny", model, WordNumbers(), dataset, seed: 1)
        let task = try TaskRegistry.task(for: request).adopting(Self.choice(name, own.settings))
        let workers = Workers(count: 2)
        let encoded = try dataset.train.map { try task.encoder.encode($0, nil) }
        let examples = try task.prepared(encoded, by: model, workers: workers, interruption: Interruption())
        var tuning = Tuning.everything(of: model)
        if method == "lora" {
            tuning = try LowRankMethod([
                "r": .count(4), "alpha": .number(8), "dropout": .number(0),
                "targets": .names(["q_proj", "v_proj"]),
            ]).tuning(of: model, seed: 1)
            for (index, parameter) in tuning.trainedParameters.filter({ $0.name.contains("lora_A") })
                .enumerated()
            {
                parameter.fill(scale: 0.3, phase: 0.1 * Double(index))
            }
        }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.weightDecay) = (3, 10, 0.01)
        settings.lr = method == "lora" ? 1e-2 : 1e-3
        settings.schedule = ScheduleChoice(ConstantSchedule.self)
        let trainer = try Trainer(
            model: model, task: task, tuning: tuning, examples: examples, settings: settings, workers: workers
        )
        for step in 0..<10 {
            let judged = try EncodedPart(
                dataset, .test, for: task, workers: workers, interruption: Interruption()
            ).evaluate(
                model, under: trainer.tuning, seen: SeenTexts(), workers: workers,
                interruption: Interruption())
            let figures = Dictionary(
                uniqueKeysWithValues: judged.metrics.figures.map { ($0.name, $0.value) })
            #expect(abs((figures["chosen reward"] ?? .nan) - wanted.chosen[step]) < 1e-4)
            #expect(abs((figures["rejected reward"] ?? .nan) - wanted.rejected[step]) < 1e-4)
            #expect(abs((figures["accuracy"] ?? .nan) - wanted.accuracies[step]) < 1e-6)
            if step == 0 { #expect(figures["margin"] == 0, "nothing was learned yet") }
            let loss = try trainer.update(interruption: Interruption()).loss
            #expect(
                abs(loss - wanted.losses[step]) < 1e-4 * max(0.1, wanted.losses[step]),
                "step \(step): \(loss) against \(wanted.losses[step])")
            if step == 0, name == "sigmoid" { #expect(abs(loss - 0.693147) < 1e-6) }
        }
    }

    @Test func bothAnswersFollowTheSameRequestHoweverShort() throws {
        let encoder = PreferenceEncoder(
            tokenizer: WordNumbers(), template: .plain, instruction: nil, maxLength: 12)
        var example = Example(text: "one two three four five six seven eight", id: 0)
        (example.answer, example.rejected) = ("yes", "no it is not so")
        let encoded = try encoder.encode(example, nil)
        #expect(encoded.rows.count == 2 && encoded.cut > 0)
        let prompts = encoded.rows.map { Array($0.ids[..<$0.promptCount]) }
        #expect(prompts[0] == prompts[1])
        #expect(encoded.rows.map { Set($0.learned.map(\.weight)) } == [[1], [-1]])
        #expect(encoded.rows[0].identity != encoded.rows[1].identity)
    }

    @Test func theReferenceIsAskedOnce() throws {
        let golden = try Self.golden()
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        let dataset = Self.dataset(golden.pairs)
        let task = try TaskRegistry.task(for: TaskRequest("tiny", model, WordNumbers(), dataset, seed: 1))
        let encoded = try dataset.train.map { try task.encoder.encode($0, nil) }
        func prepared(_ task: any LearningTask, _ interruption: Interruption) throws -> [EncodedExample] {
            try task.prepared(encoded, by: model, workers: Workers(count: 1), interruption: interruption)
        }
        let first = try prepared(task, Interruption())
        #expect(first.allSatisfy { $0.rows.allSatisfy { $0.learned.allSatisfy { $0.reference < 0 } } })
        // A pass would stop here; with another loss it is the same reference.
        let stopped = Interruption()
        stopped.request()
        #expect(try prepared(task.adopting(PreferenceChoice(HingePreferenceLoss.self)), stopped) == first)
    }
}
