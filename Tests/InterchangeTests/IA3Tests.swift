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

/// (IA)³ beside PEFT: its adapters opened here, ours trained, written and merged.
@Suite struct IA3Tests {
    private static let folder = GoldenFiles.folder.appending(path: "peft-ia3")
    private static let adapters = [
        "bert-usual", "bert-outputs", "llama-usual", "llama3-classes", "gpt2-usual",
    ]

    private static func base(of name: String) throws -> any LanguageModel {
        let base = name.hasPrefix("bert") ? GoldenFiles.peft("bert-base") : nil
        return try ModelLoader.load(path: base ?? GoldenFiles.model(String(name.split(separator: "-")[0])))
    }

    private static func steps() throws -> JSON {
        try JSON(parsing: Data(contentsOf: folder.appending(path: "steps.json")))
    }

    /// The adapter of a folder on its base: what it makes of the sequences.
    private static func logits(
        _ folder: String, _ model: any LanguageModel
    ) throws -> (opened: OpenedAdapter, tuning: Tuning, logits: [Float]) {
        let opened = try OpenedAdapter(folder: folder, for: model)
        let tuning = try opened.tuning(of: model, seed: 1)
        return (
            opened, tuning, try SharedFixtures.logits(model, tuning, SharedFixtures.head(opened, on: model))
        )
    }

    @Test(arguments: adapters)
    func anAdapterOfPEFTGivesItsLogits(name: String) throws {
        let folder = Self.folder.appending(path: name).path
        let found = try Self.logits(folder, Self.base(of: name)).logits
        let wanted = try #require(SafetensorsFile(path: folder + "/golden.st").tensor(named: "logits"))
            .floats()
        #expect(SharedFixtures.largestDifference(found, wanted) < 1e-4)
    }

    @Test(arguments: adapters)
    func savedOpenedAndMergedItIsTheSame(name: String) throws {
        let model = try Self.base(of: name)
        let (opened, tuning, before) = try Self.logits(Self.folder.appending(path: name).path, model)
        let head = try SharedFixtures.head(opened, on: model)
        var notes = SharingNotes(method: "ia3")
        notes.labels = SharedFixtures.labels(opened)
        try SharedFixtures.temporary { place in
            let probe = LogitProbe(for: model)
            let difference = try SavedAdapter(model, tuning, as: IA3Format.self, head: head, notes: notes)
                .write(to: place + "/a", probe: probe)
            #expect(difference.largest == 0)
            #expect(try Self.logits(place + "/a", model).logits == before)
            notes.method = "full"
            let outcome = try SavedModel(model, tuning, head: head, notes: notes)
                .write(to: place + "/m", probe: probe)
            #expect(outcome.difference.isRounding)
        }
    }

    @Test(arguments: ["bert-usual", "llama-usual", "gpt2-usual"])
    func tenStepsEqualPEFTs(name: String) throws {
        let model = try Self.base(of: name)
        let golden = try #require(Self.steps()[name])
        let tuning = try IA3Method().tuning(of: model, seed: 1)
        #expect(tuning.trainedParameters.reduce(0) { $0 + $1.count } == golden["trained"]?.integer)
        let task: any LearningTask
        if model.isCausal {
            task = NextToken()
        } else {
            let head = ClassificationHead(for: model, classes: 3, pooling: .cls, usesPooler: true, seed: 1)
            head.classifier.weight.fill(scale: 0.2, phase: 0.5)
            task = HeadOnly(head: head)
        }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.lr) = (3, 10, 1e-2)
        settings.schedule = ScheduleChoice(ConstantSchedule.self)
        let examples = GoldenFiles.sequences.enumerated().map { index, ids in
            model.isCausal
                ? EncodedExample(text: ids, identity: UInt64(index))
                : EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 3))
        }
        let trainer = try Trainer(
            model: model, task: task, tuning: tuning, examples: examples, settings: settings,
            workers: Workers(count: 2), order: { _ in [0, 1, 2] })
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        let wanted = try #require(golden["losses"]?.array).compactMap(\.number)
        #expect(wanted.count == trainer.history.count)
        for (record, loss) in zip(trainer.history, wanted) { #expect(abs(record.loss - loss) / loss < 1e-5) }
    }

    @Test func everyKeyOfPEFTsConfigurationHasADecision() throws {
        let decisions = AdapterConfig.decisions(of: IA3Format.self).decisions
        for key in try #require(Self.steps()["keys"]?.array) {
            #expect(decisions[try #require(key.string)] != nil, "\(key.text())")
        }
    }

    @Test func whatCannotBeScaledIsSaid() throws {
        func problem(_ family: String, _ given: [String: SettingValue]) throws -> Diagnostic? {
            let model = try ModelLoader.load(path: GoldenFiles.model(family))
            return #expect(throws: Diagnostic.self) { try IA3Method(given).tuning(of: model, seed: 1) }
        }
        #expect(try problem("gpt2", ["targets": .names(["q"])])?.message.contains("thirds") == true)
        let stranger = try problem("llama", ["targets": .names(["k"]), "feedforward": .names(["up"])])
        #expect(stranger?.message.contains("mlp.up_proj") == true)
        #expect(try problem("llama", ["targets": .names(["nothing"])])?.code == "unknown-target")
    }
}
