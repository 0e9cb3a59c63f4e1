import Diagnostics
import Foundation
import JSON
import Learning
import Models
import Tensors
import Testing
import Training

/// Names of layers, a family's own and the others'.
@Suite struct TargetSelectionTests {
    private static func model(_ family: String) throws -> any LanguageModel {
        try ModelLoader.load(path: "\(SharedFixtures.golden.path)/models/\(family)")
    }

    /// What a name means in the first block, thirds of a layer in brackets.
    private static func chosen(_ names: [String], in family: String) throws -> [String] {
        let model = try model(family)
        return try TargetSelection(names, layers: .first(1)).chosen(in: model).map { layer in
            let parts = layer.linear.path.split(separator: ".")
            let number = try #require(parts.firstIndex { Int($0) != nil })
            let path = parts[(number + 1)...].joined(separator: ".")
            return layer.thirds.isEmpty ? path : "\(path)\(layer.thirds)"
        }
    }

    private static let attention = ["query", "key", "value"].map { "attention.self.\($0)" }

    @Test(arguments: [
        ("bert", "q_proj,v_proj", "attention.self.query,attention.self.value"),
        ("bert", "q,v", "attention.self.query,attention.self.value"),
        ("bert", "down", "output.dense"), ("bert", "down_proj", "output.dense"),
        ("bert", "mlp", "intermediate.dense,output.dense"), ("bert", "o", "attention.output.dense"),
        ("bert", "attn", (attention + ["attention.output.dense"]).joined(separator: ",")),
        ("bert", "c_attn", attention.joined(separator: ",")), ("bert", "c_fc", "intermediate.dense"),
        // A name of the family's own keeps PEFT's rule: it ends both paths.
        ("bert", "output.dense", "attention.output.dense,output.dense"),
        ("llama", "query,value", "self_attn.q_proj,self_attn.v_proj"),
        ("llama", "c_attn", "self_attn.q_proj,self_attn.k_proj,self_attn.v_proj"),
        ("llama", "mlp", "mlp.gate_proj,mlp.up_proj,mlp.down_proj"),
        ("llama", "output.dense", "mlp.down_proj"),
        ("gpt2", "q_proj,v_proj", "attn.c_attn[0, 2]"), ("gpt2", "query,value", "attn.c_attn[0, 2]"),
        ("gpt2", "k", "attn.c_attn[1]"), ("gpt2", "q,k,v", "attn.c_attn[0, 1, 2]"),
        ("gpt2", "c_attn", "attn.c_attn"), ("gpt2", "c_attn,q", "attn.c_attn"),
        ("gpt2", "attn", "attn.c_attn,attn.c_proj"), ("gpt2", "mlp", "mlp.c_fc,mlp.c_proj"),
        ("gpt2", "up_proj", "mlp.c_fc"), ("gpt2", "down", "mlp.c_proj"), ("gpt2", "o_proj", "attn.c_proj"),
        ("gpt2", "c_proj", "attn.c_proj,mlp.c_proj"),
        ("gpt2", "all-linear", "attn.c_attn,attn.c_proj,mlp.c_fc,mlp.c_proj"),
    ])
    func aNameMeansWhatTheLayerDoes(family: String, names: String, wanted: String) throws {
        let names = names.split(separator: ",").map(String.init)
        #expect(try Self.chosen(names, in: family).joined(separator: ",") == wanted)
    }

    @Test(arguments: [("bert", "gate"), ("gpt2", "gate_proj"), ("llama", "lm_head"), ("bert", "qurey")])
    func whatAFamilyHasNotIsSaid(family: String, name: String) throws {
        let problem = #expect(throws: Diagnostic.self) { try Self.chosen([name], in: family) }
        #expect(problem?.code == "unknown-target")
        #expect(problem?.hint?.contains("query") == true || family != "bert")
    }

    @Test func everyNameThatCompletionOffersIsUnderstood() throws {
        for family in ModelRegistry.families {
            for name in family.targetNames { #expect(try !Self.chosen([name], in: family.name).isEmpty) }
        }
    }

    @Test func tenStepsOnQueriesAndValuesOfGPT2EqualTorchs() throws {
        let model = try Self.model("gpt2")
        var config = LoRAConfig()
        (config.r, config.alpha, config.dropout) = (3, 6, 0)
        let tuning = try LowRankMethod(config: config, targets: ["q", "v"]).tuning(of: model, seed: 1)
        let parameters = tuning.trainedParameters
        #expect(parameters.map(\.shape) == (0..<4).flatMap { _ in [[3, 24], [24, 3]] })
        for (index, parameter) in parameters.filter({ $0.name.contains("lora_A") }).enumerated() {
            parameter.fill(scale: 0.3, phase: 0.1 * Double(index))
        }
        let examples = SharedFixtures.sequences.enumerated().map {
            EncodedExample(ids: $1, identity: UInt64($0))
        }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.lr, settings.weightDecay) = (3, 10, 1e-2, 0)
        settings.schedule = ConstantSchedule()
        let trainer = Trainer(
            model: model, objective: NextToken(isCausal: true), tuning: tuning, examples: examples,
            settings: settings, workers: Workers(count: 2), order: { _ in [0, 1, 2] })
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        let golden = try JSON(
            parsing: Data(contentsOf: URL(filePath: SharedFixtures.folder("gpt2-thirds.json"))))
        let wanted = try #require(golden["losses"]?.array).compactMap(\.number)
        #expect(wanted.count == trainer.history.count)
        for (record, loss) in zip(trainer.history, wanted) { #expect(abs(record.loss - loss) / loss < 1e-5) }
        try Self.expectTheSameAgain(model, tuning)
    }

    /// Saved in block form, opened again in parts.
    private static func expectTheSameAgain(_ model: any LanguageModel, _ tuning: Tuning) throws {
        let before = try SharedFixtures.logits(model, tuning, nil)
        let values = tuning.trainedParameters.map { $0.dense().floats }
        try SharedFixtures.temporary { folder in
            let difference = try SavedAdapter(model, tuning, head: nil, notes: SharingNotes(method: "lora"))
                .write(to: folder + "/a", probe: LogitProbe(for: model))
            #expect(difference.isRounding)
            let outcome = try SavedModel(model, tuning, head: nil, notes: SharingNotes(method: "full"))
                .write(to: folder + "/m", probe: LogitProbe(for: model))
            #expect(outcome.difference.isRounding)
            let written = try JSON(
                parsing: Data(contentsOf: URL(filePath: folder + "/a/adapter_config.json")))
            #expect(
                written["r"] == 6 && written["lora_alpha"] == 12 && written["target_modules"] == ["c_attn"])
            let again = try OpenedAdapter(folder: folder + "/a", for: model)
            let opened = try again.tuning(of: model, seed: 2)
            #expect(opened.trainedParameters.map { $0.dense().floats } == values)
            #expect(try SharedFixtures.logits(model, opened, nil) == before)
            // Without our notes it is one pair of matrices, as PEFT has it.
            try FileManager.default.removeItem(atPath: folder + "/a/lorikeet.json")
            let whole = try OpenedAdapter(folder: folder + "/a", for: model).tuning(of: model, seed: 2)
            #expect(whole.trainedParameters.map(\.shape).first == [6, 24])
            let joined = try SharedFixtures.logits(model, whole, nil)
            #expect(SharedFixtures.largestDifference(before, joined) < 1e-5)
        }
    }
}
