import Diagnostics
import JSON

extension ModelFamily {
    static let bert = ModelFamily(
        name: "bert", defaultTargets: ["query", "value"],
        roles: [
            .query: LayerTarget("attention.self.query"), .key: LayerTarget("attention.self.key"),
            .value: LayerTarget("attention.self.value"), .output: LayerTarget("attention.output.dense"),
            .up: LayerTarget("intermediate.dense"), .down: LayerTarget("output.dense"),
        ],
        prefix: BERT.prefix, keys: .bert, classPrefix: "Bert", languageClass: "BertForMaskedLM",
        config: ModelConfig.bert, reference: { $0.bertReference }, make: { try BERT($0, $1) })
}

extension KeyDecisions {
    /// BERT's config.json.
    static let bert = pretrained.with([
        "hidden_size": .used, "num_hidden_layers": .used, "num_attention_heads": .used,
        "intermediate_size": .used, "max_position_embeddings": .used, "type_vocab_size": .used,
        "layer_norm_eps": .used, "hidden_act": .used,
        "hidden_dropout_prob": ownDropout, "attention_probs_dropout_prob": ownDropout,
        "classifier_dropout": ownDropout,
        "position_embedding_type": .only(["absolute"], "absolute positions are"),
        "is_decoder": .refused("BERT as an encoder, where every token sees all others"),
        "add_cross_attention": .refused("BERT by itself"),
        "directionality": .only(["bidi"], "both directions are"),
        "pooler_type": .only(["first_token_transform"], "the first token's pooler is"),
        "pooler_fc_size": .harmless("read by no class of the reference"),
        "pooler_num_attention_heads": .harmless("read by no class of the reference"),
        "pooler_num_fc_layers": .harmless("read by no class of the reference"),
        "pooler_size_per_head": .harmless("read by no class of the reference"),
    ])
}

extension ModelConfig {
    /// BERT's, from a config.json.
    static func bert(_ reader: ConfigReader) throws -> ModelConfig {
        let width = try reader.count("hidden_size")
        let heads = try reader.count("num_attention_heads")
        guard width % heads == 0 else {
            throw Diagnostic(
                "bad-config", "\(reader.source): hidden_size \(width) is no multiple of \(heads) heads")
        }
        var config = ModelConfig(
            family: "bert", width: width, blocks: try reader.count("num_hidden_layers"), heads: heads,
            keyValueHeads: heads, headWidth: width / heads,
            feedForward: try reader.count("intermediate_size"),
            vocabulary: try reader.count("vocab_size"), context: try reader.count("max_position_embeddings"),
            segments: try reader.count("type_vocab_size", default: 2),
            normEpsilon: Float(try reader.number("layer_norm_eps", default: 1e-12)),
            activation: try reader.text("hidden_act", default: "gelu"))
        config.tiesHead = try reader.flag("tie_word_embeddings", default: true)
        config.dropout = try reader.dropout([
            ("hidden_dropout_prob", 0.1), ("attention_probs_dropout_prob", 0.1), ("classifier_dropout", 0),
        ])
        return config
    }

    /// BERT's config.json.
    var bertReference: JSONObject {
        [
            "model_type": "bert", "hidden_size": .integer(width), "num_hidden_layers": .integer(blocks),
            "num_attention_heads": .integer(heads), "intermediate_size": .integer(feedForward),
            "vocab_size": .integer(vocabulary), "max_position_embeddings": .integer(context),
            "type_vocab_size": .integer(segments), "layer_norm_eps": .shortest(normEpsilon),
            "hidden_act": .string(activation), "tie_word_embeddings": .bool(tiesHead),
        ]
    }
}
