import Checkpoints
import Diagnostics
import JSON
import Learning

extension GGUFFamily {
    static let gpt2 = GGUFFamily(
        architecture: "gpt2", keys: .ggufGPT2, config: ModelConfig.ggufGPT2,
        naming: { _ in GGUFGPT2Naming() },
        header: { try $0.ggufGPT2Header }, extras: { _ in [] })
}

extension KeyDecisions {
    /// A GGUF header of a GPT-2.
    static let ggufGPT2 = gguf(
        "gpt2",
        [
            "gpt2.context_length": .used, "gpt2.embedding_length": .used, "gpt2.block_count": .used,
            "gpt2.feed_forward_length": .used, "gpt2.attention.head_count": .used,
            "gpt2.attention.layer_norm_epsilon": .used,
            "gpt2.vocab_size": .harmless("the table's rows say it"),
        ], others: "GPT-2s that need no such key are")
}

extension ModelConfig {
    /// GPT-2's, from GGUF's metadata; its nonlinearity is llama.cpp's, the GELU by tanh.
    static func ggufGPT2(_ reader: ConfigReader, _ file: any Checkpoint) throws -> ModelConfig {
        let width = try reader.count("gpt2.embedding_length")
        let heads = try reader.count("gpt2.attention.head_count")
        guard width % heads == 0 else {
            throw Diagnostic(
                "bad-config",
                "\(reader.source): gpt2.embedding_length \(width) is no multiple of \(heads) heads")
        }
        guard let words = file.tensor(named: "token_embd.weight")?.shape, words.count == 2 else {
            throw Diagnostic("missing-tensor", "\(reader.source) has no matrix token_embd.weight")
        }
        var config = ModelConfig(
            family: "gpt2", width: width, blocks: try reader.count("gpt2.block_count"), heads: heads,
            keyValueHeads: heads, headWidth: width / heads,
            feedForward: try reader.count("gpt2.feed_forward_length", default: 4 * width),
            vocabulary: words[0], context: try reader.count("gpt2.context_length", default: 1024),
            normEpsilon: Float(try reader.number("gpt2.attention.layer_norm_epsilon", default: 1e-5)),
            activation: Activation.geluTanh.rawValue)
        config.tiesHead = file.tensor(named: "output.weight") == nil
        return config
    }

    fileprivate var ggufGPT2Header: [(key: String, value: GGUFValue)] {
        get throws {
            guard Activation(configured: activation) == .geluTanh else {
                throw Self.notInGGUF("GPT-2 with the activation \(activation)")
            }
            guard scalesScores, !scalesByBlock else { throw Self.notInGGUF("GPT-2 with scores scaled so") }
            return [
                ("gpt2.block_count", .uint32(UInt32(blocks))),
                ("gpt2.context_length", .uint32(UInt32(context))),
                ("gpt2.embedding_length", .uint32(UInt32(width))),
                ("gpt2.feed_forward_length", .uint32(UInt32(feedForward))),
                ("gpt2.attention.head_count", .uint32(UInt32(heads))),
                ("gpt2.attention.layer_norm_epsilon", .float(normEpsilon)),
            ]
        }
    }

    /// What llama.cpp computes otherwise.
    static func notInGGUF(_ what: String) -> Diagnostic {
        Diagnostic(
            "not-in-gguf", "llama.cpp knows no \(what)",
            hint: "save and merge write what Transformers loads")
    }
}
