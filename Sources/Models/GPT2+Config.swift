import Diagnostics
import JSON

extension ModelFamily {
    static let gpt2 = ModelFamily(
        name: "gpt2", defaultTargets: ["c_attn"],
        roles: [
            .query: LayerTarget("attn.c_attn", third: 0), .key: LayerTarget("attn.c_attn", third: 1),
            .value: LayerTarget("attn.c_attn", third: 2), .output: LayerTarget("attn.c_proj"),
            .up: LayerTarget("mlp.c_fc"), .down: LayerTarget("mlp.c_proj"),
        ],
        prefix: GPT2.prefix, keys: .gpt2, classPrefix: "GPT2", languageClass: "GPT2LMHeadModel",
        config: ModelConfig.gpt2, reference: { $0.gpt2Reference }, make: { try GPT2($0, $1) }, gguf: .gpt2)
}

extension KeyDecisions {
    /// GPT-2's config.json; the second names of four keys are the reference's own.
    static let gpt2 = pretrained.with([
        "n_embd": .used, "n_layer": .used, "n_head": .used, "n_positions": .used, "n_inner": .used,
        "hidden_size": .used, "num_hidden_layers": .used, "num_attention_heads": .used,
        "max_position_embeddings": .used,
        "layer_norm_epsilon": .used, "activation_function": .used, "scale_attn_weights": .used,
        "scale_attn_by_inverse_layer_idx": .used,
        "resid_pdrop": ownDropout, "embd_pdrop": ownDropout, "attn_pdrop": ownDropout,
        "reorder_and_upcast_attn": .harmless("attention is computed in f32 anyway"),
        "is_decoder": .harmless("GPT-2 is one, whatever it says"),
        "add_cross_attention": .refused("GPT-2 by itself"),
        "n_ctx": .harmless("read by no class of the reference: n_positions says it"),
        "summary_type": .harmless("of the second head of GPT2DoubleHeadsModel, which is left out"),
        "summary_use_proj": .harmless("of the second head of GPT2DoubleHeadsModel, which is left out"),
        "summary_activation": .harmless("of the second head of GPT2DoubleHeadsModel, which is left out"),
        "summary_proj_to_labels": .harmless("of the second head of GPT2DoubleHeadsModel, which is left out"),
        "summary_first_dropout": .harmless("of the second head of GPT2DoubleHeadsModel, which is left out"),
    ])
}

extension ModelConfig {
    /// GPT-2's, from a config.json.
    static func gpt2(_ reader: ConfigReader) throws -> ModelConfig {
        // The reference sets its second names last, so that they win.
        let width = try reader.count("hidden_size", "n_embd")
        let heads = try reader.count("num_attention_heads", "n_head")
        guard width % heads == 0 else {
            throw Diagnostic(
                "bad-config", "\(reader.source): n_embd \(width) is no multiple of \(heads) heads")
        }
        var config = ModelConfig(
            family: "gpt2", width: width, blocks: try reader.count("num_hidden_layers", "n_layer"),
            heads: heads, keyValueHeads: heads, headWidth: width / heads,
            feedForward: try reader.count("n_inner", default: 4 * width),
            vocabulary: try reader.count("vocab_size"),
            context: try reader.count("max_position_embeddings", "n_positions", default: 1024),
            normEpsilon: Float(try reader.number("layer_norm_epsilon", default: 1e-5)),
            activation: try reader.text("activation_function", default: "gelu_new"))
        config.tiesHead = try reader.flag("tie_word_embeddings", default: true)
        config.scalesScores = try reader.flag("scale_attn_weights", default: true)
        config.scalesByBlock = try reader.flag("scale_attn_by_inverse_layer_idx", default: false)
        config.dropout = try reader.dropout([("resid_pdrop", 0.1), ("embd_pdrop", 0.1), ("attn_pdrop", 0.1)])
        return config
    }

    /// GPT-2's config.json.
    var gpt2Reference: JSONObject {
        [
            "model_type": "gpt2", "n_embd": .integer(width), "n_layer": .integer(blocks),
            "n_head": .integer(heads), "n_inner": .integer(feedForward), "vocab_size": .integer(vocabulary),
            "n_positions": .integer(context), "layer_norm_epsilon": .shortest(normEpsilon),
            "activation_function": .string(activation), "tie_word_embeddings": .bool(tiesHead),
            "scale_attn_weights": .bool(scalesScores),
            "scale_attn_by_inverse_layer_idx": .bool(scalesByBlock),
        ]
    }
}
