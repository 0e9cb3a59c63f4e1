import Diagnostics
import JSON
import Learning
import Models

/// The config.json of a written model: the source's own, or made from what the engine knows.
struct WrittenConfig {
    private(set) var json: JSON

    /// Written anew, or true of the source's files alone.
    private static let dropped = [
        "architectures", "torch_dtype", "dtype", "transformers_version", "_name_or_path",
        "quantization_config",
        "id2label", "label2id", "num_labels", "problem_type",
    ]

    init(
        _ model: any LanguageModel, head: ClassificationHead?, labels: [String], source: ModelSource,
        padding: Int32?
    ) throws {
        var object = try source.config?.object ?? model.config.reference
        for key in Self.dropped { object[key] = nil }
        object["architectures"] = [.string(Self.architecture(of: model, hasHead: head != nil))]
        object["torch_dtype"] = "float32"
        for (key, value) in source.tokenIDs where object[key]?.isNull ?? true { object[key] = value }
        if let head {
            let names = (0..<head.classifier.outputs).map {
                labels.indices.contains($0) ? labels[$0] : "LABEL_\($0)"
            }
            object["id2label"] = .object(JSONObject(names.enumerated().map { ("\($0)", .string($1)) }))
            object["label2id"] = .object(JSONObject(names.enumerated().map { ($1, .integer($0)) }))
            object["problem_type"] = "single_label_classification"
            // The reference finds a sequence's last token by what pads the ones beside it.
            if model.isCausal, object["pad_token_id"]?.isNull ?? true {
                object["pad_token_id"] =
                    padding.map { .integer(Int($0)) } ?? object["eos_token_id"]?[0] ?? object["eos_token_id"]
                    ?? .integer(0)
            }
        }
        json = .object(object)
    }

    private static func architecture(of model: any LanguageModel, hasHead: Bool) -> String {
        let (plain, language) =
            switch model.config.family {
            case "bert": ("Bert", model.hasLanguageHead ? "BertForMaskedLM" : "BertModel")
            case "gpt2": ("GPT2", "GPT2LMHeadModel")
            default: ("Llama", "LlamaForCausalLM")
            }
        return hasHead ? "\(plain)ForSequenceClassification" : language
    }
}

extension ModelConfig {
    /// As the reference's config.json says it.
    var reference: JSONObject {
        switch family {
        case "bert": bertReference
        case "gpt2": gpt2Reference
        default: llamaReference
        }
    }

    private var bertReference: JSONObject {
        [
            "model_type": "bert", "hidden_size": .integer(width), "num_hidden_layers": .integer(blocks),
            "num_attention_heads": .integer(heads), "intermediate_size": .integer(feedForward),
            "vocab_size": .integer(vocabulary), "max_position_embeddings": .integer(context),
            "type_vocab_size": .integer(segments), "layer_norm_eps": number(normEpsilon),
            "hidden_act": .string(activation), "tie_word_embeddings": .bool(tiesHead),
        ]
    }

    private var gpt2Reference: JSONObject {
        [
            "model_type": "gpt2", "n_embd": .integer(width), "n_layer": .integer(blocks),
            "n_head": .integer(heads), "n_inner": .integer(feedForward), "vocab_size": .integer(vocabulary),
            "n_positions": .integer(context), "layer_norm_epsilon": number(normEpsilon),
            "activation_function": .string(activation), "tie_word_embeddings": .bool(tiesHead),
            "scale_attn_weights": .bool(scalesScores),
            "scale_attn_by_inverse_layer_idx": .bool(scalesByBlock),
        ]
    }

    private var llamaReference: JSONObject {
        [
            "model_type": "llama", "hidden_size": .integer(width), "num_hidden_layers": .integer(blocks),
            "num_attention_heads": .integer(heads), "num_key_value_heads": .integer(keyValueHeads),
            "head_dim": .integer(headWidth), "intermediate_size": .integer(feedForward),
            "vocab_size": .integer(vocabulary), "max_position_embeddings": .integer(context),
            "rms_norm_eps": number(normEpsilon), "hidden_act": .string(activation),
            "rope_theta": .number(rotaryBase), "rope_scaling": rotaryScalingReference,
            "attention_bias": .bool(hasAttentionBias), "mlp_bias": .bool(hasFeedForwardBias),
            "tie_word_embeddings": .bool(tiesHead),
        ]
    }

    private var rotaryScalingReference: JSON {
        switch rotaryScaling {
        case .none: .null
        case .linear(let factor): ["rope_type": "linear", "factor": .number(factor)]
        case .llama3(let factor, let low, let high, let original):
            [
                "rope_type": "llama3", "factor": .number(factor), "low_freq_factor": .number(low),
                "high_freq_factor": .number(high),
                "original_max_position_embeddings": .integer(Int(original)),
            ]
        }
    }

    /// The digits that a person would write.
    private func number(_ value: Float) -> JSON { .number(Double(value.description) ?? Double(value)) }
}
