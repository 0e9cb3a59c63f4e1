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

/// Prompt and prefix tuning beside PEFT: what `make_peft_prompts.py` wrote is opened, trained and written here.
@Suite struct SoftPromptTests {
    private static let folder = GoldenFiles.folder.appending(path: "peft-prompts")

    /// What stands in front of a case's name, and the method with the settings of the script.
    private static let methods: [String: (kind: any Method.Type, given: [String: SettingValue])] = [
        "prompt": (PromptTuningMethod.self, ["tokens": .count(4)]),
        "prefix": (PrefixTuningMethod.self, ["tokens": .count(3)]),
        "projected": (
            PrefixTuningMethod.self, ["tokens": .count(3), "projection": .flag(true), "hidden": .count(10)]
        ),
    ]

    static let cases = [
        "bert-prompt", "bert-prefix", "bert-projected", "gpt2-prompt", "gpt2-prefix", "gpt2-projected",
        "gpt2-prompt-classes", "gpt2-prefix-classes", "llama-prompt", "llama-prefix", "llama-prompt-classes",
        "llama3-prefix-classes", "llama3-projected",
    ]

    private static func base(of name: String) throws -> any LanguageModel {
        let base = name.hasPrefix("bert") ? GoldenFiles.peft("bert-base") : nil
        return try ModelLoader.load(path: base ?? GoldenFiles.model(String(name.split(separator: "-")[0])))
    }

    private static func steps() throws -> JSON {
        try JSON(parsing: Data(contentsOf: folder.appending(path: "steps.json")))
    }

    private static func golden(_ name: String, _ tensor: String) throws -> [Float] {
        try #require(
            SafetensorsFile(path: folder.appending(path: "\(name)/golden.st").path).tensor(named: tensor)
        ).floats()
    }

    private static func apart(_ one: [Float], _ other: [Float]) -> Float {
        let scale = max(1, other.map(abs).max() ?? 1)
        return SharedFixtures.largestDifference(one, other) / scale
    }

    @Test(arguments: cases)
    func anAdapterOfPEFTGivesItsLogits(name: String) throws {
        let model = try Self.base(of: name)
        let opened = try OpenedAdapter(folder: Self.folder.appending(path: name).path, for: model)
        let found = try SharedFixtures.logits(
            model, opened.tuning(of: model, seed: 1), SharedFixtures.head(opened, on: model))
        #expect(Self.apart(found, try Self.golden(name, "logits")) < 1e-5)
    }

    /// From the same start: the first logits, ten losses, and the tensors that are saved after them.
    @Test(arguments: cases)
    func tenStepsEqualPEFTs(name: String) throws {
        let model = try Self.base(of: name)
        let golden = try #require(Self.steps()[name])
        let (kind, given) = try #require(Self.methods[String(name.split(separator: "-")[1])])
        let tuning = try kind.init(given).tuning(of: model, seed: 1)
        #expect(tuning.trainedParameters.reduce(0) { $0 + $1.count } == golden["trained"]?.integer)
        for (index, parameter) in tuning.trainedParameters.enumerated() {
            parameter.fill(scale: 0.3, phase: 0.1 + Double(index))
        }
        let file = try SafetensorsFile(
            path: Self.folder.appending(path: "\(name)/adapter_model.safetensors").path)
        let head = try file.tensors.first { $0.name.hasSuffix(".weight") }.map { saved in
            let head = ClassificationHead(
                for: model, classes: try #require(saved.shape.first), pooling: model.defaultPooling,
                usesPooler: model.pooler != nil, seed: 1)
            head.classifier.weight.fill(scale: 0.2, phase: 0.5)
            return head
        }
        #expect(
            Self.apart(try SharedFixtures.logits(model, tuning, head), try Self.golden(name, "start")) < 1e-5)
        let task: any LearningTask = head.map { HeadOnly(head: $0) } ?? NextToken()
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.lr) = (3, 10, 1e-2)
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
        let wanted = try #require(golden["losses"]?.array).compactMap(\.number)
        #expect(wanted.count == trainer.history.count)
        for (record, loss) in zip(trainer.history, wanted) {
            #expect(abs(record.loss - loss) / loss < 1e-4, "step \(record.step)")
        }
        let format = try #require(kind.peft as? any PEFTPromptFormat.Type)
        let saved = try #require(file.tensor(named: "prompt_embeddings"))
        let values = try #require(try format.values(of: trainer.tuning))
        #expect(Self.apart(values.floats, saved.floats()) < 1e-4)
        if let head {
            let weight = try #require(file.tensors.first { $0.name.hasSuffix(".weight") })
            let own = trainer.tuning.current(head.classifier.weight).dense().floats
            #expect(Self.apart(own, weight.floats()) < 1e-4)
        }
    }

    /// What PEFT wrote is opened, saved here and opened again; the files are alike.
    @Test(arguments: cases)
    func savedAndOpenedItIsTheSame(name: String) throws {
        let model = try Self.base(of: name)
        let source = Self.folder.appending(path: name).path
        let opened = try OpenedAdapter(folder: source, for: model)
        let tuning = try opened.tuning(of: model, seed: 1)
        let head = try SharedFixtures.head(opened, on: model)
        var notes = SharingNotes(method: opened.declaration.name)
        notes.labels = head == nil ? [] : SharedFixtures.labels(opened)
        try SharedFixtures.temporary { place in
            let saved = SavedAdapter(
                model, tuning, as: try #require(opened.peft), head: head, notes: notes)
            let difference = try saved.write(to: place + "/a", probe: LogitProbe(for: model, under: tuning))
            #expect(difference.largest == 0)
            func files(_ folder: String) throws -> (JSON, [String: [Float]]) {
                let json = try JSON(
                    parsing: Data(contentsOf: URL(filePath: folder + "/adapter_config.json")))
                let tensors = try SafetensorsFile(path: folder + "/adapter_model.safetensors").tensors
                return (
                    json,
                    Dictionary(tensors.map { ($0.name, $0.floats()) }, uniquingKeysWith: { $1 })
                )
            }
            let (theirs, ours) = (try files(source), try files(place + "/a"))
            #expect(ours.1 == theirs.1)
            for key in [
                "peft_type", "task_type", "num_virtual_tokens", "token_dim", "num_layers",
                "num_attention_heads", "num_transformer_submodules", "inference_mode",
            ] {
                #expect(ours.0[key] == theirs.0[key], "\(key)")
            }
            for (key, _) in try #require(ours.0.object) { #expect(theirs.0[key] != nil, "\(key)") }
        }
    }

    @Test func everyKeyOfPEFTsConfigurationsHasADecision() throws {
        for (type, format) in [
            ("PromptTuningConfig", PromptTuningFormat.self as any PEFTFormat.Type),
            ("PrefixTuningConfig", PrefixTuningFormat.self),
        ] {
            let decisions = AdapterConfig.decisions(of: format).decisions
            for key in try #require(Self.steps()["keys"]?[type]?.array) {
                #expect(decisions[try #require(key.string)] != nil, "\(key.text())")
            }
        }
    }

    /// The form that PEFT does not compute is noted beside its files.
    @Test func afterTheFirstTokenIsNotedAndSaid() throws {
        let model = try Self.base(of: "bert-prompt")
        let method = try PromptTuningMethod(["tokens": .count(4), "at": .word("after_cls")])
        let tuning = try method.tuning(of: model, seed: 1)
        let start = try PromptTuningMethod(["tokens": .count(4)]).tuning(of: model, seed: 1)
        let head = ClassificationHead(for: model, classes: 2, pooling: .cls, usesPooler: true, seed: 1)
        func logits(_ tuning: Tuning) throws -> [Float] { try SharedFixtures.logits(model, tuning, head) }
        #expect(try logits(tuning) != logits(start))
        #expect(method.sharingRemarks(on: model, isWriting: false).first?.contains("PEFT") == true)
        try SharedFixtures.temporary { place in
            _ = try SavedAdapter(
                model, tuning, as: PromptTuningFormat.self, head: nil,
                notes: SharingNotes(method: "prompt_tuning")
            ).write(to: place + "/a", probe: LogitProbe(for: model, under: tuning))
            let opened = try OpenedAdapter(folder: place + "/a", for: model)
            #expect(opened.values.word("at") == "after_cls")
            #expect(opened.remarks.contains { $0.contains("after [CLS]") })
            let again = try opened.tuning(of: model, seed: 2)
            #expect(try logits(again) == logits(tuning))
        }
    }

    @Test func ofAnotherBaseItIsRefused() throws {
        func problem(_ name: String, on base: String) throws -> Diagnostic? {
            let folder = Self.folder.appending(path: name).path
            let model = try Self.base(of: base)
            return #expect(throws: Diagnostic.self) { try OpenedAdapter(folder: folder, for: model) }
        }
        #expect(try problem("llama-prefix", on: "llama3-projected")?.message.contains("token_dim") == true)
        #expect(try problem("gpt2-prefix", on: "llama-prefix")?.code == "wrong-base")
    }

    /// A projection is gone once it is saved: the prefix itself goes on.
    @Test func whatAProjectionCameToIsOpened() throws {
        let model = try Self.base(of: "llama3-projected")
        let opened = try OpenedAdapter(
            folder: Self.folder.appending(path: "llama3-projected").path, for: model)
        #expect(opened.remarks.contains { $0.contains("two layers") })
        let tuning = try opened.tuning(of: model, seed: 1)
        #expect(tuning.trainedParameters.map(\.shape) == [[3, 2 * 2 * 16]])
    }

    @Test(arguments: ["bert-prompt", "llama-prefix"]) func thereIsNothingToMerge(name: String) throws {
        let model = try Self.base(of: name)
        let opened = try OpenedAdapter(folder: Self.folder.appending(path: name).path, for: model)
        let tuning = try opened.tuning(of: model, seed: 1)
        try SharedFixtures.temporary { place in
            let problem = #expect(throws: Diagnostic.self) {
                try SavedModel(model, tuning, head: nil, notes: SharingNotes(method: "full"))
                    .write(to: place + "/m", probe: LogitProbe(for: model, under: tuning))
            }
            #expect(problem?.code == "nothing-to-merge" && problem?.hint?.contains("save") == true)
        }
    }
}
