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

/// Representation finetuning beside pyreft's interventions: its numbers, and files in its words.
@Suite struct ReFTTests {
    private static let folder = GoldenFiles.folder.appending(path: "reft")
    private static let adapters = [
        "bert-loreft", "bert-direft", "bert-noreft", "gpt2-loreft", "gpt2-direft", "llama-loreft",
        "llama-direft",
        "llama-noreft",
    ]
    private static let stepped = adapters.filter { !$0.hasSuffix("direft") }
    /// Tokens of an answer, as make_reft.py has them.
    private static let answer = 2

    private static func base(of name: String) throws -> any LanguageModel {
        let base = name.hasPrefix("bert") ? GoldenFiles.peft("bert-base") : nil
        return try ModelLoader.load(path: base ?? GoldenFiles.model(String(name.split(separator: "-")[0])))
    }

    private static func path(_ name: String) -> String { folder.appending(path: name).path }

    private static func examples(_ model: any LanguageModel) -> [EncodedExample] {
        GoldenFiles.sequences.enumerated().map { index, ids in
            guard model.isCausal else {
                return EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 2))
            }
            var example = EncodedExample(text: ids, identity: UInt64(index))
            example.rows[0].promptCount = ids.count - answer
            return example
        }
    }

    private static func head(of opened: any OpenedTuning, on model: any LanguageModel) throws
        -> ClassificationHead?
    { try SharedFixtures.head(opened, on: model) }

    private static func task(_ head: ClassificationHead?) -> any LearningTask {
        head.map { HeadOnly(head: $0) } ?? NextToken()
    }

    private static func pass(
        _ model: any LanguageModel, _ tuning: Tuning, training: Bool = false
    ) throws -> (pass: Pass, states: Tensor) {
        let rows = examples(model).flatMap(\.rows)
        let pass = Pass(
            Layout(rows, under: tuning), under: tuning,
            training: training ? Pass.Randomness(seed: 1, step: 0) : nil)
        return (pass, try model.hiddenStates(Tokens(rows), pass))
    }

    private static func logits(
        _ model: any LanguageModel, _ tuning: Tuning, _ head: ClassificationHead?
    ) throws -> [Float] {
        let (pass, h) = try pass(model, tuning)
        return try head?.logits(h, pass).floats ?? model.vocabularyLogits(h, pass).floats
    }

    private static func golden(_ name: String) throws -> SafetensorsFile {
        try SafetensorsFile(path: path(name) + "/golden.st")
    }

    @Test(arguments: adapters) func logitsArePyrefts(name: String) throws {
        let model = try Self.base(of: name)
        let opened = try AdapterFolder.open(Self.path(name), for: model)
        let found = try Self.logits(
            model, opened.tuning(of: model, seed: 1), Self.head(of: opened, on: model))
        let wanted = try #require(Self.golden(name).tensor(named: "logits")).floats()
        let scale = wanted.map(abs).max() ?? 1
        #expect(SharedFixtures.largestDifference(found, wanted) < 1e-5 * scale)
    }

    @Test(arguments: adapters) func gradientsArePyrefts(name: String) throws {
        let model = try Self.base(of: name)
        let opened = try AdapterFolder.open(Self.path(name), for: model)
        let tuning = try opened.tuning(of: model, seed: 1)
        let (pass, h) = try Self.pass(model, tuning, training: true)
        let examples = Self.examples(model)
        let terms = examples.reduce(0) { $0 + $1.rows[0].learned.count }
        _ = try Self.task(Self.head(of: opened, on: model)).learn(
            h, examples, model: model, scale: 1 / Float(terms), pass)
        let golden = try Self.golden(name)
        var compared = 0
        for (block, hook) in tuning.outputs {
            for (key, parameter) in ReFTFormat.tensors(of: hook, in: block) {
                let wanted = try #require(golden.tensor(named: key), "\(key)").floats()
                let found = try #require(pass.gradient(of: parameter), "\(key) has no gradient").floats
                let scale = wanted.map(abs).max() ?? 1
                #expect(
                    SharedFixtures.largestDifference(Array(found.prefix(parameter.count)), wanted)
                        <= 2e-5 * scale, "\(key)")
                compared += 1
            }
        }
        #expect(compared == tuning.trainedParameters.count)
    }

    @Test(arguments: stepped) func tenStepsEqualTorchs(name: String) throws {
        let model = try Self.base(of: name)
        let file = Self.folder.appending(path: "steps.json")
        let golden = try #require(try JSON(parsing: Data(contentsOf: file))[name])
        let opened = try AdapterFolder.open(Self.path(name), for: model)
        let tuning = try opened.tuning(of: model, seed: 1)
        #expect(tuning.trainedParameters.reduce(0) { $0 + $1.count } == golden["trained"]?.integer)
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.lr) = (3, 10, 1e-2)
        settings.optimizer = OptimizerChoice(AdamW.self, ["weight_decay": .number(0.01)])
        settings.schedule = ScheduleChoice(ConstantSchedule.self)
        let trainer = try Trainer(
            model: model, task: Self.task(Self.head(of: opened, on: model)), tuning: tuning,
            examples: Self.examples(model), settings: settings, workers: Workers(count: 2),
            order: { _ in [0, 1, 2] })
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        let wanted = try #require(golden["losses"]?.array).compactMap(\.number)
        #expect(wanted.count == trainer.history.count)
        for (record, loss) in zip(trainer.history, wanted) {
            #expect(abs(record.loss - loss) / loss < 2e-5, "step \(record.step)")
        }
    }

    @Test(arguments: adapters) func savedAndOpenedItIsTheSame(name: String) throws {
        let model = try Self.base(of: name)
        let opened = try AdapterFolder.open(Self.path(name), for: model)
        let tuning = try opened.tuning(of: model, seed: 1)
        let head = try Self.head(of: opened, on: model)
        let before = try Self.logits(model, tuning, head)
        var notes = SharingNotes(method: "reft")
        notes.labels = SharedFixtures.labels(opened)
        try SharedFixtures.temporary { place in
            let difference = try SavedBlocks(model, tuning, as: ReFTFormat.self, head: head, notes: notes)
                .write(to: place + "/a", probe: LogitProbe(for: model))
            #expect(difference.largest == 0)
            let again = try AdapterFolder.open(place + "/a", for: model)
            #expect(again.values == opened.values)
            #expect(
                try Self.logits(model, again.tuning(of: model, seed: 2), Self.head(of: again, on: model))
                    == before)
            // What pyreft's words say, and nothing else, is what was opened.
            let (one, other) = try (Self.config(Self.path(name)), Self.config(place + "/a"))
            #expect(one.keys == other.keys)
            for key in one.keys where !["base_model_name_or_path", "dropout"].contains(key) {
                #expect(one[key] == other[key], "\(key)")
            }
        }
    }

    private static func config(_ folder: String) throws -> JSONObject {
        try #require(
            try JSON(parsing: Data(contentsOf: URL(filePath: folder + "/reft_config.json"))).object)
    }

    /// Tensors of the base that are trained beside it travel too.
    @Test func whatIsUnfrozenBesideItIsSavedAndOpened() throws {
        let model = try Self.base(of: "llama-loreft")
        let tuning = try WeightChange(freezes: false, WeightSelection(["norms"]), keeps: false).applied(
            to: ReFTMethod(["layers": .names(["1"])]).tuning(of: model, seed: 4), of: model)
        for parameter in tuning.replaced.values { parameter.fill(scale: 0.7, phase: 0.3) }
        let before = try Self.logits(model, tuning, nil)
        try SharedFixtures.temporary { place in
            _ = try SavedBlocks(
                model, tuning, as: ReFTFormat.self, head: nil, notes: SharingNotes(method: "reft")
            ).write(to: place + "/a", probe: LogitProbe(for: model))
            let again = try AdapterFolder.open(place + "/a", for: model).tuning(of: model, seed: 2)
            #expect(again.replaced.count == 5 && again.reach == .block(0))
            #expect(try Self.logits(model, again, nil) == before)
        }
    }

    @Test func noWeightsCanHoldIt() throws {
        let model = try Self.base(of: "llama-loreft")
        let tuning = try ReFTMethod().tuning(of: model, seed: 4)
        try SharedFixtures.temporary { place in
            let problem = #expect(throws: Diagnostic.self) {
                try SavedModel(model, tuning, head: nil, notes: SharingNotes(method: "full"))
                    .write(to: place + "/m", probe: LogitProbe(for: model))
            }
            #expect(problem?.code == "nothing-to-merge" && problem?.hint?.contains("save") == true)
        }
    }

    @Test(arguments: [
        ("intervention_type", JSON.string("ConsreftIntervention"), "bad-adapter"),
        ("rank", .integer(5), "wrong-shape"), ("rank", .integer(0), "bad-adapter"),
        ("rank", .string("2"), "bad-adapter"),
        ("position", .string("f3"), "bad-adapter"), ("position", .string("x"), "bad-adapter"),
        ("layers", .string("0;7"), "wrong-base"), ("layers", .string("0"), "bad-adapter"),
        ("layers", .string("last:2"), "bad-adapter"), ("share_weights", .integer(3), "bad-adapter"),
        ("share_weights", .bool(true), "bad-adapter"), ("add_bias", .bool(true), "bad-adapter"),
        ("act_fn", .string("relu"), "unsupported-key"),
        ("component", .string("mlp_output"), "unsupported-key"),
        ("dropout", .number(1), "bad-adapter"), ("stranger", .integer(1), "unsupported-key"),
    ])
    func aConfigurationThatDoesNotFitIsRefused(key: String, value: JSON, code: String) throws {
        let model = try Self.base(of: "gpt2-loreft")
        try SharedFixtures.temporary { place in
            var config = try Self.config(Self.path("gpt2-loreft"))
            config[key] = value
            try Data(JSON.object(config).utf8()).write(to: URL(filePath: place + "/reft_config.json"))
            try FileManager.default.copyItem(
                atPath: Self.path("gpt2-loreft") + "/reft_model.safetensors",
                toPath: place + "/reft_model.safetensors")
            let problem = #expect(throws: Diagnostic.self) { try AdapterFolder.open(place, for: model) }
            #expect(problem?.code == code, "\(problem?.description ?? "")")
        }
    }
}
