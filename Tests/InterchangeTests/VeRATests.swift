import Checkpoints
import Compute
import Diagnostics
import Foundation
import Interchange
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Training

/// VeRA beside PEFT: its adapters opened here, trained further, written and merged.
@Suite struct VeRATests {
    private static let folder = GoldenFiles.folder.appending(path: "peft-vera")
    private static let adapters = ["bert-classes", "gpt2-writes", "llama-writes", "llama-biases"]

    private static func base(of name: String) throws -> any LanguageModel {
        let folder = Self.folder.appending(path: name).path
        let json = try JSON(parsing: Data(contentsOf: URL(filePath: folder + "/adapter_config.json")))
        let base = try #require(json["base_model_name_or_path"]?.string)
        return try ModelLoader.load(
            path: base == "bert-base" ? GoldenFiles.peft(base) : GoldenFiles.model(base))
    }

    private static func steps() throws -> JSON {
        try JSON(parsing: Data(contentsOf: folder.appending(path: "steps.json")))
    }

    private static func opened(
        _ folder: String, _ model: any LanguageModel
    ) throws -> (opened: OpenedAdapter, tuning: Tuning, logits: [Float]) {
        let opened = try OpenedAdapter(folder: folder, for: model)
        let tuning = try opened.tuning(of: model, seed: 1)
        return (
            opened, tuning, try SharedFixtures.logits(model, tuning, SharedFixtures.head(opened, on: model))
        )
    }

    @Test(arguments: adapters) func anAdapterOfPEFTGivesItsLogits(name: String) throws {
        let folder = Self.folder.appending(path: name).path
        let found = try Self.opened(folder, Self.base(of: name)).logits
        let wanted = try #require(SafetensorsFile(path: folder + "/golden.st").tensor(named: "logits"))
            .floats()
        #expect(SharedFixtures.largestDifference(found, wanted) < 1e-4)
    }

    @Test(arguments: adapters) func tenMoreStepsEqualPEFTs(name: String) throws {
        let model = try Self.base(of: name)
        let (opened, tuning, _) = try Self.opened(Self.folder.appending(path: name).path, model)
        let head = try SharedFixtures.head(opened, on: model)
        let task: any LearningTask = head.map { HeadOnly(head: $0) } ?? NextToken()
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.lr) = (3, 10, 1e-2)
        settings.optimizer = OptimizerChoice(AdamW.self, ["weight_decay": .number(0.01)])
        settings.schedule = ScheduleChoice(ConstantSchedule.self)
        let examples = GoldenFiles.sequences.enumerated().map { index, ids in
            head.map {
                EncodedExample(
                    ids: ids, identity: UInt64(index), target: .label(index % $0.classifier.outputs))
            } ?? EncodedExample(text: ids, identity: UInt64(index))
        }
        let trainer = try Trainer(
            model: model, task: task, tuning: tuning, examples: examples, settings: settings,
            workers: Workers(count: 2), order: { _ in [0, 1, 2] })
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        let golden = try #require(Self.steps()[name])
        func numbers(_ key: String) -> [Double] { golden[key]?.array?.compactMap(\.number) ?? [] }
        #expect(numbers("losses").count == 10)
        for (step, (loss, norm)) in zip(trainer.history, zip(numbers("losses"), numbers("norms"))) {
            #expect(abs(step.loss - loss) / loss < 1e-4, "loss of step \(step.step)")
            #expect(abs(step.gradientNorm - norm) / norm < 1e-4, "norm of step \(step.step)")
        }
    }

    @Test(arguments: adapters) func savedOpenedAndMergedItIsTheSame(name: String) throws {
        let model = try Self.base(of: name)
        let (opened, tuning, before) = try Self.opened(Self.folder.appending(path: name).path, model)
        let head = try SharedFixtures.head(opened, on: model)
        var notes = SharingNotes(method: "vera")
        notes.labels = SharedFixtures.labels(opened)
        try SharedFixtures.temporary { place in
            let probe = LogitProbe(for: model)
            let difference = try SavedAdapter(model, tuning, as: VeRAFormat.self, head: head, notes: notes)
                .write(to: place + "/a", probe: probe)
            #expect(difference.largest == 0)
            #expect(try Self.opened(place + "/a", model).logits == before)
            let written = try JSON(parsing: Data(contentsOf: URL(filePath: place + "/a/adapter_config.json")))
            #expect(written["bias"]?.string == (name == "llama-biases" ? "vera_only" : "none"))
            notes.method = "full"
            let outcome = try SavedModel(model, tuning, head: head, notes: notes)
                .write(to: place + "/m", probe: probe)
            #expect(outcome.difference.isRounding)
        }
    }

    @Test func everyKeyOfPEFTsConfigurationHasADecision() throws {
        let decisions = AdapterConfig.decisions(of: VeRAFormat.self).decisions
        for key in try #require(Self.steps()["keys"]?.array) {
            #expect(decisions[try #require(key.string)] != nil, "\(key.text())")
        }
    }

    /// r + out values for each layer.
    @Test func theMatricesAreSharedAndNotTrained() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        let tuning = try VeRAMethod(["r": .count(8)]).tuning(of: model, seed: 1)
        let hooks = model.linears.compactMap { tuning.linears[$0.path] as? VeRA }
        let first = try #require(hooks.first)
        #expect(hooks.allSatisfy { $0.projections === first.projections })
        #expect(
            tuning.trainedParameters.reduce(0) { $0 + $1.count } == hooks.reduce(0) { $0 + 8 + $1.b.count })
        #expect(throws: Diagnostic.self) {
            try VeRAMethod(["targets": .names(["q"])]).tuning(
                of: ModelLoader.load(path: GoldenFiles.model("gpt2")), seed: 1)
        }
    }
}
