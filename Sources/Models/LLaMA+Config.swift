import Diagnostics
import JSON

extension ModelFamily {
    static let llama = ModelFamily(
        name: "llama", defaultTargets: ["q_proj", "v_proj"],
        roles: [
            .query: LayerTarget("self_attn.q_proj"), .key: LayerTarget("self_attn.k_proj"),
            .value: LayerTarget("self_attn.v_proj"), .output: LayerTarget("self_attn.o_proj"),
            .gate: LayerTarget("mlp.gate_proj"), .up: LayerTarget("mlp.up_proj"),
            .down: LayerTarget("mlp.down_proj"),
        ],
        prefix: LLaMA.prefix, keys: .llama, classPrefix: "Llama", languageClass: "LlamaForCausalLM",
        config: ModelConfig.llama, reference: { $0.llamaReference }, make: { try LLaMA($0, $1) }, gguf: .llama
    )
}

extension KeyDecisions {
    /// LLaMA's config.json; what is inside rope_parameters has decisions of its own.
    static let llama = pretrained.with([
        "hidden_size": .used, "num_hidden_layers": .used, "num_attention_heads": .used,
        "num_key_value_heads": .used, "head_dim": .used, "intermediate_size": .used,
        "max_position_embeddings": .used, "rms_norm_eps": .used, "hidden_act": .used,
        "attention_bias": .used, "mlp_bias": .used,
        "rope_parameters": .used, "rope_scaling": .used, "rope_theta": .used,
        "attention_dropout": ownDropout,
        "pretraining_tp": .harmless("cuts a product in pieces: the sums are the same"),
        "is_decoder": .harmless("LLaMA is one, whatever it says"),
        "add_cross_attention": .harmless("read by no class of LLaMA's"),
        "is_llama_config": .harmless("a note"),
        "max_sequence_length": .harmless("read by no class of the reference"),
        "rope_interleaved": .refused("pairs of halves, as Transformers turns them, are"),
        "partial_rotary_factor": .only([1], "positions turn the whole head"),
        "original_max_position_embeddings": .refused(
            "it belongs inside rope_parameters: outside, versions of Transformers differ"),
    ])
}

extension ModelConfig {
    /// LLaMA's, from a config.json.
    static func llama(_ reader: ConfigReader) throws -> ModelConfig {
        let width = try reader.count("hidden_size")
        let heads = try reader.count("num_attention_heads")
        var config = ModelConfig(
            family: "llama", width: width, blocks: try reader.count("num_hidden_layers"), heads: heads,
            keyValueHeads: try reader.count("num_key_value_heads", default: heads),
            headWidth: try reader.count("head_dim", default: max(1, width / heads)),
            feedForward: try reader.count("intermediate_size"), vocabulary: try reader.count("vocab_size"),
            context: try reader.count("max_position_embeddings", default: 2048),
            normEpsilon: Float(try reader.number("rms_norm_eps", default: 1e-6)),
            activation: try reader.text("hidden_act", default: "silu"))
        config.tiesHead = try reader.flag("tie_word_embeddings", default: false)
        config.hasAttentionBias = try reader.flag("attention_bias", default: false)
        config.hasFeedForwardBias = try reader.flag("mlp_bias", default: false)
        config.dropout = try reader.dropout([("attention_dropout", 0)])
        try config.readRotary(reader)
        return try config.checkedHeads(reader)
    }

    func checkedHeads(_ reader: ConfigReader) throws -> ModelConfig {
        guard heads % keyValueHeads == 0, headWidth % 2 == 0 else {
            throw Diagnostic(
                "bad-config",
                "\(reader.source): \(heads) heads of \(headWidth) over \(keyValueHeads) key-value heads do not divide"
            )
        }
        return self
    }

    /// LLaMA's config.json.
    var llamaReference: JSONObject {
        [
            "model_type": "llama", "hidden_size": .integer(width), "num_hidden_layers": .integer(blocks),
            "num_attention_heads": .integer(heads), "num_key_value_heads": .integer(keyValueHeads),
            "head_dim": .integer(headWidth), "intermediate_size": .integer(feedForward),
            "vocab_size": .integer(vocabulary), "max_position_embeddings": .integer(context),
            "rms_norm_eps": .shortest(normEpsilon), "hidden_act": .string(activation),
            "rope_theta": .number(rotaryBase), "rope_scaling": rotaryScaling.reference(context: context),
            "attention_bias": .bool(hasAttentionBias), "mlp_bias": .bool(hasFeedForwardBias),
            "tie_word_embeddings": .bool(tiesHead),
        ]
    }
}
