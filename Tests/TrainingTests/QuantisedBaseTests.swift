import Compute
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// LoRA beside a base in four bits (QLoRA): as beside the floats that the four bits stand for.
@Suite struct QuantisedBaseTests {
    static let families = ["bert", "gpt2", "llama"]

    /// Examples of several lengths, decoders' all beginning otherwise.
    static func examples(of model: any LanguageModel, vocabulary: Int = 60) -> [EncodedExample] {
        [9, 24, 16, 5].enumerated().map { index, count in
            let ids = (0..<count).map { (i: Int) in Int32((i * i * 7 + i * 13 + index * 11 + 3) % vocabulary)
            }
            return EncodedExample(text: ids, identity: UInt64(index), isCausal: model.isCausal)
        }
    }

    static func lora(_ model: any LanguageModel) throws -> Tuning {
        let tuning = try LowRankMethod(["dropout": .number(0), "targets": .names(["all-linear"])])
            .tuning(of: model, seed: 9)
        for (index, parameter) in tuning.trainedParameters.enumerated() {
            parameter.fill(scale: parameter.name.contains("lora_B") ? 0.01 : 0.05, phase: Double(index))
        }
        return tuning
    }

    /// The same with the base's quantised weights as floats.
    static func onFloats(_ tuning: Tuning, of model: any LanguageModel) -> Tuning {
        var other = tuning
        for parameter in model.store.parameters where parameter.isPanelled {
            other.replaced[parameter.name] = Parameter(
                name: parameter.name, shape: parameter.shape, buffer: parameter.values())
        }
        return other
    }

    static func losses(
        _ model: any LanguageModel, _ tuning: Tuning, workers: Int = 2, steps: Int = 10,
        _ examples: [EncodedExample]
    ) throws -> [Double] {
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.lr) = (4, Double(steps), 2e-3)
        settings.schedule = ScheduleChoice(ConstantSchedule.self)
        let team = Workers(count: workers)
        defer { team.close() }
        let trainer = try Trainer(
            model: model, task: NextToken(), tuning: tuning, examples: examples, settings: settings,
            workers: team)
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        return trainer.history.map(\.loss)
    }

    @Test(arguments: families)
    func tenStepsEqualThoseBesideTheSameFloats(family: String) throws {
        let model = try SizedModels.model(family, precision: .nf4)
        #expect(model.linears.allSatisfy { $0.weight.quantisation == .nf4 && $0.weight.isPanelled })
        let examples = Self.examples(of: model)
        let found = try Self.losses(model, Self.lora(model), examples)
        let wanted = try Self.losses(model, Self.onFloats(Self.lora(model), of: model), examples)
        #expect(found.count == 10 && (found.last ?? 1) < found[0])
        let error = zip(found, wanted).map { abs($0 - $1) / $1 }.max() ?? 1
        #expect(error < 1e-5, "\(error)")
        // Nothing of the base was expanded for good.
        #expect(model.linears.allSatisfy { $0.weight.isPanelled })
    }

    @Test(arguments: families)
    func anyNumberOfWorkersGivesTheSameBytes(family: String) throws {
        let model = try SizedModels.model(family, precision: .nf4)
        let examples = Self.examples(of: model)
        let runs = try [1, 2, 3].map { count -> [UInt32] in
            let tuning = try Self.lora(model)
            _ = try Self.losses(model, tuning, workers: count, steps: 2, examples)
            return tuning.trainedParameters.flatMap { $0.dense().floats.prefix($0.count).map(\.bitPattern) }
        }
        #expect(runs[1] == runs[0] && runs[2] == runs[0])
    }

    @Test(arguments: families)
    func gradientsAreTheLosssSlopes(family: String) throws {
        let model = try ModelLoader.load(path: GoldenFiles.model(family), precision: .nf4)
        let tuning = try Self.lora(model)
        let some = tuning.trainedParameters.filter { $0.name.contains(".0.") }
        let head = ClassificationHead(
            for: model, classes: 2, pooling: model.isCausal ? .last : .mean, usesPooler: false, seed: 1)
        head.classifier.weight.fill(scale: 0.4, phase: 0.5)
        let task = HeadOnly(head: head)
        let examples = GoldenFiles.sequences.enumerated().map { index, ids in
            EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 2))
        }
        try Slopes.compare(of: some) {
            let rows = examples.flatMap(\.rows)
            let pass = Pass(Layout(rows, under: tuning), under: tuning, training: .init(seed: 7, step: 3))
            let h = try model.hiddenStates(Tokens(rows), pass)
            return (pass, try task.learn(h, examples, model: model, scale: 1, pass))
        }
    }

    private static func loaded(_ model: any LanguageModel) -> LoadedModel {
        LoadedModel(
            name: "tiny", source: "", model: model, tokenizer: WordNumbers(),
            request: ModelRequest(name: "tiny", seed: 1))
    }

    @Test(arguments: ["full", "last", "hft"])
    func whatWouldTrainQuantisedMatricesIsRefusedByName(method: String) throws {
        let model = try SizedModels.model("bert", precision: .nf4)
        let kind = try #require(MethodRegistry.all.first { $0.declaration.name == method })
        let before = model.store.held.byteCount
        let problem = #expect(throws: Diagnostic.self) {
            try AttachedMethod(kind.init(.init()), to: Self.loaded(model), seed: 1)
        }
        #expect(problem?.code == "quantised-base" && problem?.message.hasPrefix(method) == true)
        #expect(model.store.held.byteCount == before)
    }

    @Test(arguments: [
        "lora", "ia3", "vera", "prompt_tuning", "prefix_tuning", "reft", "bitfit", "norms", "head",
    ])
    func whatTrainsBesideThemIsNot(method: String) throws {
        let model = try SizedModels.model("bert", precision: .nf4)
        let kind = try #require(MethodRegistry.all.first { $0.declaration.name == method })
        _ = try AttachedMethod(kind.init(.init()), to: Self.loaded(model), seed: 1)
    }

    @Test func aQuantisedModelIsAnotherModel() throws {
        let floats = try SizedModels.model("llama")
        let quantised = try SizedModels.model("llama", precision: .nf4)
        var config = floats.config
        let text = config.canonical
        #expect(text.contains("family") && !text.contains("scalesByBlock"))
        config.dropout = ["attn_pdrop": 0.1]
        #expect(config.canonical == text)
        config.normEpsilon *= 2
        #expect(config.canonical != text)
        #expect(ModelHash.text(of: floats) != ModelHash.text(of: quantised))
        let again = try SizedModels.model("llama", precision: .nf4)
        #expect(ModelHash.text(of: again) == ModelHash.text(of: quantised))
        #expect(quantised.store.held.byteCount * 2 < floats.store.held.byteCount)
    }

    // MARK: - PEFT

    /// PEFT's LoRA beside models that Transformers quantised (`make_nf4.py`).
    @Test(arguments: ["llama-nf4-double", "llama3-nf4", "gpt2-fp4"], [Precision.native, .f32])
    func tenStepsEqualPEFTsBesideBitsandbytes(name: String, precision: Precision) throws {
        let folder = GoldenFiles.folder.appending(path: "nf4")
        let steps = try JSON(parsing: Data(contentsOf: folder.appending(path: "steps.json")))
        let golden = try #require(steps[name])
        let model = try ModelLoader.load(path: folder.appending(path: name).path, precision: precision)
        let targets = try #require(golden["targets"]?.array).compactMap(\.string)
        let tuning = try LowRankMethod([
            "r": .count(4), "alpha": .number(8), "dropout": .number(0), "targets": .names(targets),
        ]).tuning(of: model, seed: 1)
        let trained = tuning.trainedParameters.sorted { $0.name < $1.name }
        #expect(trained.reduce(0) { $0 + $1.count } == golden["trained"]?.integer)
        for (index, parameter) in trained.enumerated() {
            parameter.fill(
                scale: parameter.name.contains("lora_A") ? 0.05 : 0.02, phase: 0.1 * Double(index))
        }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.lr) = (3, 10, 1e-2)
        settings.schedule = ScheduleChoice(ConstantSchedule.self)
        let examples = GoldenFiles.sequences.enumerated().map {
            EncodedExample(text: $1, identity: UInt64($0))
        }
        let workers = Workers(count: 2)
        defer { workers.close() }
        let trainer = try Trainer(
            model: model, task: NextToken(), tuning: tuning, examples: examples, settings: settings,
            workers: workers, order: { _ in [0, 1, 2] })
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        let wanted = try #require(golden["losses"]?.array).compactMap(\.number)
        let error = zip(trainer.history, wanted).map { abs($0.loss - $1) / $1 }.max() ?? 1
        print("\(name) \(precision): largest relative difference \(error)")
        #expect(trainer.history.count == wanted.count && error < 1e-4, "\(error)")
    }

    // MARK: - SmolLM2

    private static let smolLM2: String? = {
        let environment = ProcessInfo.processInfo.environment
        let cache =
            environment["LORIKEET_HOME"] ?? (environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache")
            + "/lorikeet"
        let path = "\(cache)/models/smollm2"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    @Test(.enabled(if: smolLM2 != nil, "smollm2 is not in the cache"))
    func tenStepsOfSmolLM2InNF4EqualThoseOfTheSameFloats() throws {
        let model = try ModelLoader.load(path: try #require(Self.smolLM2), precision: .nf4)
        let examples = Self.examples(of: model, vocabulary: 48000)
        let found = try Self.losses(model, Self.lora(model), examples)
        let wanted = try Self.losses(model, Self.onFloats(Self.lora(model), of: model), examples)
        let error = zip(found, wanted).map { abs($0 - $1) / $1 }.max() ?? 1
        print("SmolLM2: losses \(found), largest relative difference \(error)")
        #expect(found.count == 10 && error < 1e-4, "\(error)")
    }
}
