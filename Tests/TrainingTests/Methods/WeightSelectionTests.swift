import Diagnostics
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

@Suite struct WeightSelectionTests {
    private static func names(
        _ words: [String], layers: String = "", in family: String
    ) throws -> Set<String> {
        let model = try ModelLoader.load(path: GoldenFiles.model(family))
        let matches = try WeightSelection(words, layers: layers).matcher(for: model)
        return Set(model.store.parameters.map(\.name).filter(matches))
    }

    @Test func partsBlocksLayersAndPatterns() throws {
        let all = try Self.names([], in: "gpt2-untied")
        #expect(try Self.names(["all"], in: "gpt2-untied") == all)
        #expect(try Self.names(["lm_head"], in: "gpt2-untied") == ["lm_head.weight"])
        #expect(try Self.names(["embeddings"], in: "gpt2") == ["wte.weight", "wpe.weight"])
        let norms = try Self.names(["norms"], in: "llama")
        #expect(norms.count == 5 && norms.contains("norm.weight"))
        #expect(try Self.names(["biases"], in: "llama").isEmpty)
        let last = try Self.names(["last:1"], in: "gpt2")
        #expect(try Self.names(["1"], in: "gpt2") == last)
        #expect(try Self.names(["h.1.*"], in: "gpt2") == last)
        #expect(try Self.names(["0-1"], in: "gpt2") == Self.names(["blocks"], in: "gpt2"))
        #expect(
            try Self.names(["q"], in: "llama") == [
                "layers.0.self_attn.q_proj.weight", "layers.1.self_attn.q_proj.weight",
            ])
        #expect(try Self.names(["*.mlp.*"], in: "llama") == Self.names(["mlp"], in: "llama"))
        #expect(try Self.names(["transformer.wte*"], in: "gpt2") == ["wte.weight"])
        #expect(try Self.names(["norms"], layers: "0", in: "gpt2").count == 4)
        #expect(try Self.names(["norms", "biases"], layers: "last:1", in: "gpt2").count == 8)
    }

    @Test(arguments: ["nosuch", "99", "last:9", "q"]) func whatIsNotThereIsRefused(word: String) {
        let problem = #expect(throws: Diagnostic.self) { try Self.names([word], in: "gpt2") }
        #expect(
            problem?.code
                == (word.first?.isNumber == true || word.contains(":") ? "bad-layers" : "unknown-target"))
    }

    @Test func theClassifierCannotBeFrozenButALanguageHeadCan() throws {
        let problem = #expect(throws: Diagnostic.self) { try Self.names(["head"], in: "gpt2-untied") }
        #expect(problem?.message == "the classifier is always trained")
        #expect(try Self.names(["lm_head"], in: "gpt2-untied") == ["lm_head.weight"])
    }

    private static func changed(
        _ tuning: Tuning, _ model: any LanguageModel, freezes: Bool, _ word: String, keeps: Bool = false
    ) throws -> Tuning {
        try WeightChange(freezes: freezes, WeightSelection([word]), keeps: keeps).applied(
            to: tuning, of: model)
    }

    @Test(arguments: ["bert", "gpt2", "llama"]) func whatIsFrozenAfreshIsTheBases(family: String) throws {
        let model = try ModelLoader.load(path: GoldenFiles.model(family))
        let full = try FullMethod().tuning(of: model, seed: 1)
        let part = try Self.changed(full, model, freezes: true, "embeddings")
        #expect(
            part.reach == .block(0) && part.replaced.keys.allSatisfy { model.part(of: $0) != .embeddings })
        #expect(part.trainedParameters.count == part.replaced.count)
        let last = try Self.changed(part, model, freezes: true, "0")
        #expect(last.reach == .block(1))
        let wanted = try LastMethod().tuning(of: model, seed: 1).trainedParameters.map(\.name)
        #expect(last.trainedParameters.map(\.name) == wanted)
        let again = try Self.changed(last, model, freezes: false, "0")
        #expect(again.reach == .block(0))
        #expect(Set(again.trainedParameters.map(\.name)) == Set(part.trainedParameters.map(\.name)))
    }

    @Test func whatWasTrainedStaysAsItHasBecome() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("gpt2"))
        let full = try FullMethod().tuning(of: model, seed: 1)
        full.replaced["wte.weight"]?.fill(scale: 0.2, phase: 0.1)
        let frozen = try Self.changed(full, model, freezes: true, "embeddings", keeps: true)
        #expect(frozen.replaced["wte.weight"] === full.replaced["wte.weight"])
        #expect(!frozen.trainedParameters.contains { $0.name == "wte.weight" } && frozen.reach == .embeddings)
        let again = try Self.changed(frozen, model, freezes: false, "embeddings", keeps: true)
        #expect(again.trainedParameters.contains { $0 === full.replaced["wte.weight"] })
    }

    @Test func anAdapterIsJoinedAndFrozen() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        let lora = try LowRankMethod().tuning(of: model, seed: 1)
        let both = try Self.changed(lora, model, freezes: false, "norms")
        #expect(both.trainedParameters.count == lora.trainedParameters.count + 5)
        let half = try Self.changed(both, model, freezes: true, "0")
        #expect(half.trainedParameters.allSatisfy { model.blockIndex(of: $0.name) != 0 })
        #expect(half.linears.count == lora.linears.count)
        let again = try Self.changed(half, model, freezes: false, "0")
        #expect(again.trainedParameters.count > both.trainedParameters.count)
    }

    @Test(arguments: ["bert", "gpt2", "llama", "gpt2-untied", "llama3", "llama-classes"])
    func tenStepsWithFrozenPartsEqualPyTorchs(name: String) throws {
        let changes = [
            WeightChange(freezes: true, WeightSelection(["embeddings", "norms"]), keeps: false),
            WeightChange(freezes: false, WeightSelection(["norms"], layers: "1"), keeps: false),
        ]
        try WeightSteps(of: FullMethod(), on: name, changes: changes, golden: "freeze").check()
    }

    @Test(arguments: ["bert", "gpt2", "llama", "gpt2-untied", "llama3", "llama-classes"])
    func tenStepsWithAnUnfrozenBlockEqualPyTorchs(name: String) throws {
        var changes = [WeightChange(freezes: false, WeightSelection(["last:1"]), keeps: false)]
        if name != "llama" && name != "llama-classes" {
            changes.append(WeightChange(freezes: true, WeightSelection(["*.bias"]), keeps: false))
        }
        try WeightSteps(of: HeadMethod(), on: name, changes: changes, golden: "unfreeze").check()
    }

    /// A resting half knows nothing of what joined it later.
    @Test func whatIsUnfrozenUnderHalvesTakesEveryOrNoStep() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("gpt2"))
        let half = try HFTMethod().tuning(of: model, seed: 1)
        let less = try Self.changed(half, model, freezes: true, "norms")
        let again = try Self.changed(less, model, freezes: false, "norms")
        let restAll = again.groups.allSatisfy { $0.rests }
        #expect(restAll)
        #expect(again.trainedParameters.count == half.trainedParameters.count)
    }

    @Test func whatMatchesNothingIsRefused() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        let full = try FullMethod().tuning(of: model, seed: 1)
        for (freezes, word) in [(true, "biases"), (false, "norms")] {
            let problem = #expect(throws: Diagnostic.self) {
                try Self.changed(full, model, freezes: freezes, word)
            }
            #expect(problem?.code == "nothing-to-freeze")
        }
    }
}
