import Compute
import Datasets
import Diagnostics
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// Requests with answers, dialogues and texts, read and learned as Transformers and PEFT do.
@Suite struct WritingStepsTests {
    private static func model() throws -> any LanguageModel {
        try ModelLoader.load(path: GoldenFiles.model("llama"))
    }

    private static func encoded(_ task: any LearningTask, _ dataset: Dataset) throws -> [EncodedExample] {
        try dataset.train.flatMap { example in
            let encoded = try task.encoder.encode(example, nil)
            return task.encoder.rowsAreApart ? encoded.apart : [encoded]
        }
    }

    @Test(arguments: WritingGolden.cases)
    func whatIsReadAndWhatIsLearnedIsTheReferences(name: String) throws {
        let golden = try WritingGolden.read("steps", as: WritingGolden.self)
        let task = try golden.task(name, on: Self.model())
        let found = try Self.encoded(task, golden.dataset(name)).flatMap(\.rows)
        let wanted = try #require(golden.rows[name])
        #expect(found.count == wanted.count)
        for (row, wanted) in zip(found, wanted) {
            #expect(row.ids == wanted[0])
            var labels = row.ids.map { _ in Int32(-100) }
            for learned in row.learned { labels[learned.place + 1] = Int32(learned.target?.label ?? -1) }
            // What stands first is foretold by nothing.
            #expect(labels.dropFirst() == wanted[1].dropFirst())
        }
    }

    @Test(arguments: WritingGolden.cases, ["full", "lora"])
    func tenStepsLoseAsMuchAsTheReference(name: String, method: String) throws {
        let golden = try WritingGolden.read("steps", as: WritingGolden.self)
        let wanted = try #require(golden.steps[name]?[method])
        let model = try Self.model()
        let task = try golden.task(name, on: model)
        let examples = try Self.encoded(task, golden.dataset(name))
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
        (settings.batch, settings.epochs, settings.weightDecay) = (examples.count, 10, 0.01)
        settings.lr = method == "lora" ? 1e-2 : 1e-3
        settings.schedule = ScheduleChoice(ConstantSchedule.self)
        let trainer = try Trainer(
            model: model, task: task, tuning: tuning, examples: examples, settings: settings,
            workers: Workers(count: 2))
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        #expect(trainer.history.count == wanted.losses.count)
        for (record, loss) in zip(trainer.history, wanted.losses) {
            #expect(abs(record.loss - loss) / loss < 1e-4, "\(record.loss) against \(loss)")
        }
        let tokens = examples.reduce(0.0) { $0 + task.loss.weight(of: $1) }
        #expect(tokens == Double(wanted.tokens))
    }
}
