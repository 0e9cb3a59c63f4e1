import Checkpoints
import Diagnostics
import Foundation
import JSON
import Tensors

/// One model family: how it is recognised and built.
package struct ModelFamily: Sendable {
    /// The `model_type` of its config.json.
    package let name: String
    /// Adapter targets when none are named, as PEFT has them.
    package let defaultTargets: [String]
    /// What short names of layers mean here: `q`, `k`, `v`, `o`, `up`, `gate`, `down`, `mlp`, `attn`.
    package let targetAliases: [String: [String]]
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
        targetAliases: [
            "q": ["query"], "k": ["key"], "v": ["value"], "o": ["attention.output.dense"],
            "q_proj": ["query"], "k_proj": ["key"], "v_proj": ["value"], "o_proj": ["attention.output.dense"],
            "up": ["intermediate.dense"], "down": ["output.dense"],
            "mlp": ["intermediate.dense", "output.dense"],
            "attn": ["query", "key", "value", "attention.output.dense"],
        ],
        prefix: BERT.prefix, keys: .bert, classPrefix: "Bert", languageClass: "BertForMaskedLM",
        config: ModelConfig.bert, reference: { $0.bertReference }, make: { try BERT($0, $1) })

    private static let gpt2 = ModelFamily(
        name: "gpt2", defaultTargets: ["c_attn"],
        targetAliases: [
            "o": ["attn.c_proj"], "o_proj": ["attn.c_proj"], "up": ["c_fc"], "down": ["mlp.c_proj"],
            "mlp": ["c_fc", "mlp.c_proj"], "attn": ["c_attn", "attn.c_proj"],
        ],
        prefix: GPT2.prefix, keys: .gpt2, classPrefix: "GPT2", languageClass: "GPT2LMHeadModel",
        config: ModelConfig.gpt2, reference: { $0.gpt2Reference }, make: { try GPT2($0, $1) })

    private static let llama = ModelFamily(
        name: "llama", defaultTargets: ["q_proj", "v_proj"],
        targetAliases: [
            "q": ["q_proj"], "k": ["k_proj"], "v": ["v_proj"], "o": ["o_proj"], "query": ["q_proj"],
            "key": ["k_proj"], "value": ["v_proj"], "up": ["up_proj"], "gate": ["gate_proj"],
            "down": ["down_proj"], "mlp": ["gate_proj", "up_proj", "down_proj"],
            "attn": ["q_proj", "k_proj", "v_proj", "o_proj"],
        ],
        prefix: LLaMA.prefix, keys: .llama, classPrefix: "Llama", languageClass: "LlamaForCausalLM",
        config: ModelConfig.llama, reference: { $0.llamaReference }, make: { try LLaMA($0, $1) })
}
