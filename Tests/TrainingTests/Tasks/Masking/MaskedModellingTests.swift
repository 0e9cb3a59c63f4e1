import Compute
import Datasets
import Diagnostics
import Foundation
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// Encoders that fill masks in, as Transformers and PEFT have them learn it.
@Suite struct MaskedModellingTests {
    private static func task(
        _ model: any LanguageModel, length: Int = 32, each: Bool = false
    ) throws -> MaskedModelling {
        try MaskedModelling(
            model: model, tokenizer: WordNumbers(), masking: Masking(), maxLength: length, seed: 4, each: each
        )
    }

    private static func dataset(_ texts: [String]) -> Dataset {
        var dataset = Dataset(name: "texts", columns: ["text"], textColumn: "text", source: "here")
        dataset.areTextsAlone = true
        dataset.train = texts.enumerated().map { Example(text: $1, id: $0) }
        dataset.test = dataset.train
        return dataset
    }

    private static let long = (0..<90).map { "word\("abcdefghij".dropFirst($0 % 10))" }.joined(separator: " ")

    @Test(arguments: ["bert", "bert-base"], ["full", "lora"])
    func tenStepsOverTheSameMasksLoseAsMuchAsTheReference(name: String, method: String) throws {
        let golden = try MasksGolden.read()
        let wanted = try #require(golden.steps["\(name) \(method)"])
        let model = try MasksGolden.model(name)
        let task = GivenMasks(golden, head: try golden.newHead(for: model))
        var tuning = Tuning.everything(of: model)
        if method == "lora" {
            tuning = try LowRankMethod([
                "r": .count(4), "alpha": .number(8), "dropout": .number(0),
                "targets": .names(["query", "value"]),
            ]).tuning(of: model, seed: 1)
            for (index, parameter) in tuning.trainedParameters.filter({ $0.name.contains("lora_A") })
                .enumerated()
            {
                parameter.fill(scale: 0.3, phase: 0.1 * Double(index))
            }
        }
        let examples = golden.examples(of: 0)
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.weightDecay) = (examples.count, 10, 0.01)
        settings.lr = method == "lora" ? 1e-2 : 1e-3
        settings.schedule = ScheduleChoice(ConstantSchedule.self)
        let trainer = try Trainer(
            model: model, task: task, tuning: tuning, examples: examples, settings: settings,
            workers: Workers(count: 2))
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        #expect(trainer.history.count == wanted.losses.count)
        for (record, (loss, norm)) in zip(trainer.history, zip(wanted.losses, wanted.norms)) {
            #expect(abs(record.loss - loss) / loss < 1e-4, "\(record.loss) against \(loss)")
            #expect(abs(record.gradientNorm - norm) / norm < 1e-3, "\(record.gradientNorm) against \(norm)")
        }
    }

    private static func judged(
        _ task: any LearningTask, _ examples: [EncodedExample], by model: any LanguageModel
    ) throws -> Metrics {
        let workers = Workers(count: 2)
        defer { workers.close() }
        return try Evaluator(model: model, under: nil, task: task, workers: workers)
            .evaluate(examples, interruption: Interruption()).metrics
    }

    @Test func maskedWordsAreJudgedAsByTheReference() throws {
        let golden = try MasksGolden.read()
        let model = try MasksGolden.model("bert")
        let found = try Self.judged(
            GivenMasks(golden, head: nil), MasksGolden.encoded(golden.judgedRows), by: model)
        let mean = golden.judged[0] / golden.judged[1]
        #expect(found.tokens == Int(golden.judged[1]) && abs(found.loss - mean) < 1e-5 * mean)
        #expect(found.figures.map(\.name) == ["perplexity", "accuracy"])
        #expect(abs(found.figures[0].value - exp(mean)) < 1e-4 * exp(mean))
        #expect(golden.judged[2] > 5 && golden.judged[2] < golden.judged[1])
        #expect(abs(found.figures[1].value - golden.judged[2] / golden.judged[1]) < 1e-9)
    }

    @Test func pseudoPerplexityMasksEachWordByItself() throws {
        let golden = try MasksGolden.read()
        let model = try MasksGolden.model("bert")
        let task = try Self.task(model, each: true)
        let examples = try golden.texts.enumerated().map {
            try task.encoder.encode(Example(text: $1, id: $0), nil)
        }
        let found = try Self.judged(task, examples, by: model)
        let mean = golden.each[0] / golden.each[1]
        #expect(found.tokens == Int(golden.each[1]) && abs(found.loss - mean) < 1e-5 * mean)
        #expect(found.figures[0].name == "pseudo_perplexity")
        #expect(found.count == golden.texts.count)
    }

    @Test func aBareEncoderIsGivenAHeadThatIsTheTasksOwn() throws {
        let model = try MasksGolden.model("bert-base")
        let task = try Self.task(model)
        #expect(task.remarks.contains { $0.contains("a new one is trained along") })
        #expect(task.maskedHead?.table === model.words)
        let width = model.config.width
        #expect(task.parameters.map(\.shape) == [[width, width], [width], [width], [width], [61]])
        #expect(task.parameters.allSatisfy { model.part(of: $0.name) == .languageHead })
        let again = try Self.task(model)
        #expect(task.parameters[0].dense().floats == again.parameters[0].dense().floats)
        // The pooler is read by nobody.
        #expect(task.unread(of: model).map(\.name) == ["pooler.dense.weight", "pooler.dense.bias"])
        let own = try Self.task(MasksGolden.model("bert"))
        #expect(own.parameters.isEmpty && own.remarks.isEmpty && own.maskedHead == nil)
        let headed = model.with(try #require(task.maskedHead))
        #expect(
            headed.hasLanguageHead && !model.hasLanguageHead && headed.tiedTable?.table == model.words.name)
        #expect(headed.store.parameters.count == model.store.parameters.count + 5)
    }

    @Test func longTextsAreWindowsOfWhichEachHasItsMasks() throws {
        let task = try Self.task(MasksGolden.model("bert"), length: 12)
        let encoded = try task.encoder.encode(Example(text: Self.long, id: 0), nil)
        #expect(encoded.rows.count == 9)
        #expect(encoded.rows.allSatisfy { $0.ids.count <= 12 && $0.ids[0] == 1 && !$0.learned.isEmpty })
        #expect(encoded.rows.allSatisfy { !$0.learned.map(\.place).contains(0) })
    }

    @Test func masksFollowFromSeedAndEpochAlone() throws {
        let task = try Self.task(MasksGolden.model("bert"), length: 32)
        let base = try task.encoder.encode(Example(text: Self.long, id: 0), nil)
        func drawn(_ seed: UInt64, _ epoch: Int, from example: EncodedExample? = nil) -> EncodedExample {
            task.encoder.drawn(example ?? base, seed: seed, epoch: epoch)
        }
        #expect(drawn(1, 0) == drawn(1, 0) && drawn(1, 0) != drawn(1, 1) && drawn(1, 0) != drawn(2, 0))
        #expect(drawn(1, 1, from: drawn(7, 3)) == drawn(1, 1), "what was drawn before changes nothing")
        #expect(try task.encoder.encode(Example(text: Self.long, id: 5), nil) == base)
    }

    @Test func aBrokenOffRunGoesOnWithTheSameMasks() throws {
        let model = try MasksGolden.model("bert")
        let task = try Self.task(model, length: 16)
        let examples = try Self.dataset([Self.long, "one two three", "the river rose"]).train
            .flatMap { try task.encoder.encode($0, nil).apart }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs) = (3, 3)
        func trainer(_ count: Int) throws -> Trainer {
            try Trainer(
                model: model, task: task, tuning: LowRankMethod().tuning(of: model, seed: 1),
                examples: examples, settings: settings, workers: Workers(count: count))
        }
        let (whole, half) = (try trainer(1), try trainer(3))
        while !whole.isFinished { _ = try whole.update(interruption: Interruption()) }
        while half.step < 4 { _ = try half.update(interruption: Interruption()) }
        let rest = try trainer(2)
        try rest.restore(half.state)
        while !rest.isFinished { _ = try rest.update(interruption: Interruption()) }
        #expect(rest.history.map(\.loss) == whole.history.map(\.loss))
        #expect(Set(whole.history.map(\.loss)).count == whole.history.count)
        #expect(whole.trunk.depth == 0)
    }

    /// What lies below the head is another in each epoch: nothing of it may be kept.
    @Test func nothingOfAFrozenTrunkIsKept() throws {
        let model = try MasksGolden.model("bert-base")
        let task = try Self.task(model, length: 16)
        let examples = try Self.dataset([Self.long]).train.flatMap { try task.encoder.encode($0, nil).apart }
        let trainer = try Trainer(
            model: model, task: task, tuning: HeadMethod().tuning(of: model, seed: 1),
            examples: examples, settings: TrainerSettings(), workers: Workers(count: 1))
        #expect(trainer.trunk.depth == 0 && trainer.trainedParameters.count == 5)
    }

    @Test func decodersAndTokenizersWithoutAMaskAreRefused() throws {
        let decoder = try ModelLoader.load(path: GoldenFiles.model("llama"))
        let found = #expect(throws: Diagnostic.self) { try Self.task(decoder) }
        #expect(found?.code == "no-encoder")
        var dataset = Self.dataset(["one two"])
        dataset.masking = Masking()
        let unused = #expect(throws: Diagnostic.self) {
            try TaskRegistry.task(for: TaskRequest("tiny", decoder, WordNumbers(), dataset, seed: 1))
        }
        #expect(unused?.code == "unused-key")
    }

    @Test func textsAreMasksForAnEncoderAndWordsForADecoder() throws {
        let dataset = Self.dataset(["one two"])
        for (model, fills) in [("bert", true), ("llama", false)] {
            let model = try ModelLoader.load(path: GoldenFiles.model(model))
            let task = try TaskRegistry.task(for: TaskRequest("tiny", model, WordNumbers(), dataset, seed: 1))
            #expect(task.fillsMasks == fills)
            #expect((task.masking == Masking()) == fills)
        }
    }
}
