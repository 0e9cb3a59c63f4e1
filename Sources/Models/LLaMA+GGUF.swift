import Checkpoints
import Compute
import Diagnostics
import Foundation
import JSON

extension KeyDecisions {
    /// A GGUF header of a LLaMA.
    static let ggufLlama = gguf(
        "llama",
        [
            "llama.context_length": .used, "llama.embedding_length": .used, "llama.block_count": .used,
            "llama.feed_forward_length": .used, "llama.attention.head_count": .used,
            "llama.attention.head_count_kv": .used, "llama.attention.key_length": .used,
            "llama.attention.value_length": .used, "llama.attention.layer_norm_rms_epsilon": .used,
            "llama.rope.dimension_count": .used, "llama.rope.freq_base": .used,
            "llama.rope.scaling.type": .used, "llama.rope.scaling.factor": .used,
            "llama.rope.scale_linear": .used, "llama.rope.scaling.original_context_length": .used,
            "llama.pooling_type": .only([0, 1, 2, 3], "no pooling, or that of mean, cls or last is"),
            "llama.vocab_size": .harmless("the table's rows say it"),
            "llama.rope.scaling.finetuned": .harmless("a note"),
            "llama.tensor_data_layout": .only(["Meta AI original pth"], "llama.cpp's own order of rows is"),
            "llama.attention.causal": .only([true], "texts read from left to right are"),
            "llama.expert_count": .only([0], "models without experts are"),
            "llama.expert_used_count": .only([0], "models without experts are"),
            "llama.rope.scaling.attn_factor": .only([1], "scores as they are"),
            "llama.attention.scale": .refused("scores over the root of a head's width"),
            "llama.logit_scale": .only([1], "logits as they are"),
            "llama.residual_scale": .only([1], "sums as they are"),
            "llama.embedding_scale": .only([1], "embeddings as they are"),
            "llama.use_parallel_residual": .refused("attention before the feed-forward layer is"),
        ], others: "LLaMAs that need no such key are", binding: ["llama.expert_count"])
}

extension ModelConfig {
    /// LLaMA's, from GGUF's metadata.
    static func ggufLlama(_ reader: ConfigReader, _ file: any Checkpoint) throws -> ModelConfig {
        let width = try reader.count("llama.embedding_length")
        let heads = try reader.count("llama.attention.head_count")
        guard let words = file.tensor(named: "token_embd.weight")?.shape, words.count == 2 else {
            throw Diagnostic("missing-tensor", "\(reader.source) has no matrix token_embd.weight")
        }
        var config = ModelConfig(
            family: "llama", width: width, blocks: try reader.count("llama.block_count"), heads: heads,
            keyValueHeads: try reader.count("llama.attention.head_count_kv", default: heads),
            headWidth: try reader.count("llama.attention.key_length", default: max(1, width / heads)),
            feedForward: try reader.count("llama.feed_forward_length"), vocabulary: words[0],
            context: try reader.count("llama.context_length", default: 2048),
            normEpsilon: Float(try reader.number("llama.attention.layer_norm_rms_epsilon", default: 1e-5)),
            activation: "silu")
        config.tiesHead = file.tensor(named: "output.weight") == nil
        config.hasAttentionBias = file.tensor(named: "blk.0.attn_q.bias") != nil
        config.hasFeedForwardBias = file.tensor(named: "blk.0.ffn_gate.bias") != nil
        for key in ["llama.attention.value_length", "llama.rope.dimension_count"] {
            let length = try reader.count(key, default: config.headWidth)
            guard length == config.headWidth else {
                throw Diagnostic(
                    "bad-config",
                    "\(reader.source): \(key) \(length) is not a head's width, \(config.headWidth)",
                    hint: "positions that turn part of a head, and values of another width, are not supported"
                )
            }
        }
        config.rotaryBase = try reader.positive("llama.rope.freq_base", default: 10_000)
        config.rotaryScaling = try reader.ggufScaling(
            context: config.context, factors: file.tensor(named: "rope_freqs.weight"),
            pairs: config.headWidth / 2)
        return try config.checkedHeads(reader)
    }
}

extension ConfigReader {
    /// As llama.cpp reads it: linear where a factor alone is said; `rope_freqs.weight` divides each pair's
    /// frequency, which is how LLaMA 3.1's scaling is written.
    fileprivate func ggufScaling(
        context: Int, factors: StoredTensor?, pairs: Int
    ) throws -> RotaryScaling {
        let key = "llama.rope.scaling.factor"
        let factor = try number(key, "llama.rope.scale_linear", default: 0)
        let kind = try text("llama.rope.scaling.type", default: "linear")
        let scaling: RotaryScaling =
            switch kind {
            case "none": .none
            case "linear": factor == 0 || factor == 1 ? .none : .linear(factor: try positive(factor, key))
            case "yarn":
                .yarn(
                    RotaryScaling.YaRN(
                        factor: try positive(factor, key),
                        original: Double(
                            try count("llama.rope.scaling.original_context_length", default: context)),
                        attention: factor <= 1 ? 1 : 0.1 * log(factor) + 1))
            default:
                throw Diagnostic(
                    "bad-config", "\(source): rotary scaling \(kind.prefix(60)) is not supported",
                    hint: "none, linear and yarn are, and factors in rope_freqs.weight")
            }
        guard let factors else { return scaling }
        let values = factors.floats().map(Double.init)
        guard values.count == pairs, values.allSatisfy({ $0 >= 1e-9 && $0 <= 1e12 }) else {
            throw Diagnostic(
                "bad-config",
                "\(source): rope_freqs.weight has \(values.count) values, a head \(pairs) pairs",
                hint: "they must be as many, and above 0")
        }
        guard scaling == .none else {
            throw Diagnostic(
                "bad-config", "\(source): \(kind) scaling beside rope_freqs.weight is not supported",
                hint: KeyDecisions.hint(
                    ignoring: ["llama.rope.scaling.type", key], "goes on with the factors alone"))
        }
        return .divided(by: values)
    }

    private func positive(_ value: Double, _ key: String) throws -> Double {
        guard value >= 1e-9, value <= 1e12 else {
            throw Diagnostic("bad-config", "\(source): \(key) is \(value), expected a number above 0")
        }
        return value
    }
}
