import Compute
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Training

/// What `full` and `full last=n` train.
@Suite struct FullTuningTests {
    private static let examples = GoldenFiles.sequences.enumerated().map { index, ids in
        EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 2))
    }

    private static func trainer(
        _ model: any LanguageModel, _ method: FullMethod, pooling: Pooling
    ) throws -> Trainer {
        let tuning = try method.tuning(of: model, seed: 1)
        let head = ClassificationHead(
            for: model, classes: 2, pooling: pooling, usesPooler: pooling == .cls && model.pooler != nil,
            seed: 1)
        head.classifier.weight.fill(scale: 0.2, phase: 0.5)
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.lr, settings.weightDecay) = (3, 10, 1e-3, 0.01)
        settings.schedule = ScheduleChoice(ConstantSchedule.self)
        return try Trainer(
            model: model, task: HeadOnly(head: head), tuning: tuning, examples: examples,
            settings: settings, workers: Workers(count: 2), order: { _ in [0, 1, 2] })
    }

    private static func base(_ name: String) throws -> any LanguageModel {
        try ModelLoader.load(
            path: name == "bert-base"
                ? GoldenFiles.peft(name) : GoldenFiles.model(name))
    }

    @Test func tenStepsWithThePoolerEqualTheReferences() throws {
        let trainer = try Self.trainer(Self.base("bert-base"), FullMethod(), pooling: .cls)
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        let golden = try JSON(
            parsing: Data(contentsOf: URL(filePath: GoldenFiles.peft("bert-base/golden.json"))))
        let losses = try #require(golden["losses"]?.array).compactMap(\.number)
        let norms = try #require(golden["norms"]?.array).compactMap(\.number)
        #expect(trainer.history.count == losses.count && losses.count == norms.count)
        for (record, (loss, norm)) in zip(trainer.history, zip(losses, norms)) {
            #expect(abs(record.loss - loss) / loss < 1e-4)
            #expect(abs(record.gradientNorm - norm) / norm < 1e-4)
        }
    }

    /// (model, last, pooling, what is trained beside the blocks and the classifier)
    @Test(arguments: [
        ("bert-base", nil, Pooling.cls, ["embeddings", "pooler"]), ("bert-base", nil, .mean, ["embeddings"]),
        ("bert-base", 1, .cls, ["pooler"]), ("bert-base", 1, .mean, []),
        ("bert", nil, .mean, ["embeddings"]), ("llama", nil, .last, ["embed_tokens", "norm"]),
        ("llama3", nil, .last, ["embed_tokens", "norm"]), ("llama3", 1, .last, ["norm"]),
        ("gpt2-untied", nil, .last, ["wte", "wpe", "ln_f"]), ("gpt2", 1, .last, ["ln_f"]),
    ])
    func whatTheTaskReadsIsTrained(_ case: (String, Int?, Pooling, [String])) throws {
        let (name, last, pooling, wanted) = `case`
        let model = try Self.base(name)
        let trainer = try Self.trainer(
            model, FullMethod(last.map { ["last": .count($0)] } ?? [:]), pooling: pooling)
        let before = model.store.parameters.map { $0.values().floats }
        _ = try trainer.update(interruption: Interruption())
        let trained = trainer.trainedParameters.filter { model.store[$0.name] != nil }
        let beside = trained.filter { model.blockIndex(of: $0.name) == nil }
        #expect(
            Set(beside.compactMap { $0.name.split(separator: ".").first.map(String.init) }) == Set(wanted))
        let blocks = Set(trained.compactMap { model.blockIndex(of: $0.name) })
        #expect(blocks.count == last ?? model.config.blocks)
        // Weight decay touches nothing else either.
        for (parameter, values) in zip(model.store.parameters, before) {
            let isTrained = trained.contains { $0.name == parameter.name }
            let now = trainer.tuning.replaced[parameter.name] ?? parameter
            #expect((now.values().floats != values) == isTrained, "\(parameter.name)")
            #expect(parameter.values().floats == values, "the base's \(parameter.name) has changed")
        }
    }

    /// A classifier reads no language head; what writes answers after it does.
    @Test func whatOneTaskDoesNotReadTheNextOneTrains() throws {
        let model = try Self.base("gpt2-untied")
        let trainer = try Self.trainer(model, FullMethod(), pooling: .last)
        #expect(!trainer.trainedParameters.contains { $0.name == "lm_head.weight" })
        _ = try trainer.update(interruption: Interruption())
        let kept = trainer.commit()
        #expect(kept.trainedParameters.contains { $0.name == "lm_head.weight" })
        #expect(!kept.trainedParameters.contains { $0.name.hasPrefix("score") })
        #expect(kept.replaced["score.weight"] == nil)
        let trained = try #require(trainer.tuning.replaced["h.0.mlp.c_fc.weight"])
        #expect(kept.replaced["h.0.mlp.c_fc.weight"] === trained)
    }
}
