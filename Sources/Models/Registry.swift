import Checkpoints
import Compute
import Diagnostics
import Foundation
import JSON

/// One model family: how it is recognised and built.
package struct ModelFamily: Sendable {
    /// The `model_type` of its config.json.
    package let name: String
    /// Adapter targets when none are named, as PEFT has them.
    package let defaultTargets: [String]
    /// Which layer of a block does what.
    package let roles: [LayerRole: LayerTarget]
    let prefix: String
    /// What is done about every key of its config.json.
    package let keys: KeyDecisions
    /// What its classes' names begin with in Transformers: `Bert`.
    package let classPrefix: String
    /// The class that predicts tokens.
    package let languageClass: String
    let config: @Sendable (ConfigReader) throws -> ModelConfig
    /// The config.json of what the engine knows.
    package let reference: @Sendable (ModelConfig) -> JSONObject
    let make: @Sendable (ModelConfig, ParameterStore) throws -> any LanguageModel
}

/// The model families. A new one is a file of its own and a line here.
package enum ModelRegistry {
    package static let families: [ModelFamily] = [bert, gpt2, llama]

    package static func family(named name: String) -> ModelFamily? {
        families.first { $0.name == name }
    }

    private static let bert = ModelFamily(
        name: "bert", defaultTargets: ["query", "value"],
        roles: [
            .query: LayerTarget("attention.self.query"), .key: LayerTarget("attention.self.key"),
            .value: LayerTarget("attention.self.value"), .output: LayerTarget("attention.output.dense"),
            .up: LayerTarget("intermediate.dense"), .down: LayerTarget("output.dense"),
        ],
        prefix: BERT.prefix, keys: .bert, classPrefix: "Bert", languageClass: "BertForMaskedLM",
        config: ModelConfig.bert, reference: { $0.bertReference }, make: { try BERT($0, $1) })

    private static let gpt2 = ModelFamily(
        name: "gpt2", defaultTargets: ["c_attn"],
        roles: [
            .query: LayerTarget("attn.c_attn", third: 0), .key: LayerTarget("attn.c_attn", third: 1),
            .value: LayerTarget("attn.c_attn", third: 2), .output: LayerTarget("attn.c_proj"),
            .up: LayerTarget("mlp.c_fc"), .down: LayerTarget("mlp.c_proj"),
        ],
        prefix: GPT2.prefix, keys: .gpt2, classPrefix: "GPT2", languageClass: "GPT2LMHeadModel",
        config: ModelConfig.gpt2, reference: { $0.gpt2Reference }, make: { try GPT2($0, $1) })

    private static let llama = ModelFamily(
        name: "llama", defaultTargets: ["q_proj", "v_proj"],
        roles: [
            .query: LayerTarget("self_attn.q_proj"), .key: LayerTarget("self_attn.k_proj"),
            .value: LayerTarget("self_attn.v_proj"), .output: LayerTarget("self_attn.o_proj"),
            .gate: LayerTarget("mlp.gate_proj"), .up: LayerTarget("mlp.up_proj"),
            .down: LayerTarget("mlp.down_proj"),
        ],
        prefix: LLaMA.prefix, keys: .llama, classPrefix: "Llama", languageClass: "LlamaForCausalLM",
        config: ModelConfig.llama, reference: { $0.llamaReference }, make: { try LLaMA($0, $1) })
}
