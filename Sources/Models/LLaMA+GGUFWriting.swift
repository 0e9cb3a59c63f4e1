import Checkpoints
import Diagnostics
import Foundation

extension GGUFFamily {
    static let llama = GGUFFamily(
        architecture: "llama", keys: .ggufLlama, config: ModelConfig.ggufLlama,
        naming: { GGUFLlamaNaming(heads: $0.heads, keyValueHeads: $0.keyValueHeads) },
        header: { try $0.ggufLlamaHeader }, extras: { $0.ggufFrequencyFactors })
}

extension ModelConfig {
    fileprivate var ggufLlamaHeader: [(key: String, value: GGUFValue)] {
        get throws {
            let counts: [(String, Int)] = [
                ("block_count", blocks), ("context_length", context), ("embedding_length", width),
                ("feed_forward_length", feedForward), ("attention.head_count", heads),
                ("attention.head_count_kv", keyValueHeads), ("attention.key_length", headWidth),
                ("attention.value_length", headWidth), ("rope.dimension_count", headWidth),
                ("vocab_size", vocabulary),
            ]
            var header: [(key: String, value: GGUFValue)] = counts.map {
                (key: "llama.\($0)", value: .uint32(UInt32($1)))
            }
            header.append(("llama.rope.freq_base", .float(Float(rotaryBase))))
            header.append(("llama.attention.layer_norm_rms_epsilon", .float(normEpsilon)))
            return try header + ggufScaling
        }
    }

    private var ggufScaling: [(key: String, value: GGUFValue)] {
        get throws {
            switch rotaryScaling {
            // Dynamic scaling begins where the context ends, and llama3's and longrope's stand as a tensor.
            case .none, .dynamic, .llama3, .divided: return []
            case .linear(let factor):
                return [
                    ("llama.rope.scaling.type", .string("linear")),
                    ("llama.rope.scaling.factor", .float(Float(factor))),
                ]
            case .yarn(let yarn):
                let usual = yarn.factor <= 1 ? 1 : 0.1 * log(yarn.factor) + 1
                guard yarn.fast == 32, yarn.slow == 1, yarn.isTruncated, abs(yarn.attention - usual) < 1e-6
                else { throw Self.notInGGUF("YaRN with settings of its own") }
                return [
                    ("llama.rope.scaling.type", .string("yarn")),
                    ("llama.rope.scaling.factor", .float(Float(yarn.factor))),
                    ("llama.rope.scaling.original_context_length", .uint32(UInt32(yarn.original))),
                ]
            }
        }
    }

    /// `rope_freqs.weight`: what each pair's frequency is divided by, where it is not the same for all.
    fileprivate var ggufFrequencyFactors: [(name: String, values: [Float])] {
        switch rotaryScaling {
        case .llama3, .divided:
            var plain = self
            plain.rotaryScaling = .none
            let factors = zip(plain.rotaryFrequencies, rotaryFrequencies).map { Float($0 / $1) }
            return [("rope_freqs.weight", factors)]
        default: return []
        }
    }
}
