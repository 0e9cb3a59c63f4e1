import Compute
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Training

/// Names of layers, a family's own and the others'.
@Suite struct TargetSelectionTests {
    private static func model(_ family: String) throws -> any LanguageModel {
        try ModelLoader.load(path: GoldenFiles.model(family))
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

    @Test(arguments: [
        ("bert", "gate"), ("gpt2", "gate_proj"), ("llama", "score"), ("bert", "lm_head"), ("bert", "qurey"),
    ])
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
}
