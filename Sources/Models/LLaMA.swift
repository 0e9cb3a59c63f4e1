import Checkpoints
import Compute
import Diagnostics
import JSON
import Learning

/// LLaMA 1, 2 and 3 (Touvron et al. 2023): rotary positions, RMS norms, grouped queries, SwiGLU.
package final class LLaMA: LanguageModel {
    package static let prefix = "model."

    package let config: ModelConfig
    package let store: ParameterStore
    package let linears: [Linear]
    package let words: Parameter

    private let blocks: [Block]
    private let norm: RMSNorm
    /// Nil in a classifier's checkpoint that has none.
    private let head: Linear?
    private let rotary: RotaryTable

    private struct Block {
        let query, key, value, output, gate, up, down: Linear
        let inputNorm, attentionNorm: RMSNorm
    }

    private static let parts = PartNames(
        blocks: "layers.",
        others: [("embed_tokens.", .embeddings), ("norm.", .finish), ("lm_head.", .languageHead)])

    package var taskPrefix: String { Self.prefix }
    package func part(of path: String) -> Part { Self.parts.part(of: path) }
    package var isCausal: Bool { true }
    package var defaultPooling: Pooling { .last }
    package var pooler: Linear? { nil }
    package var hasLanguageHead: Bool { head != nil }
    package var languageHead: Linear? { head }
    package var tiedTable: (table: String, head: String)? {
        head?.weight === words ? (words.name, "lm_head.weight") : nil
    }

    package init(_ config: ModelConfig, _ store: ParameterStore) throws {
        var config = config
        self.store = store
        let (width, inner) = (config.width, config.feedForward)
        let (queries, keys) = (config.heads * config.headWidth, config.keyValueHeads * config.headWidth)
        words = try store.parameter("embed_tokens.weight", [config.vocabulary, width], as: .table)
        blocks = try (0..<config.blocks).map { index in
            let path = "layers.\(index)"
            let (a, f) = (config.hasAttentionBias, config.hasFeedForwardBias)
            func linear(_ name: String, _ inputs: Int, _ outputs: Int, _ bias: Bool) throws -> Linear {
                try store.linear("\(path).\(name)", inputs: inputs, outputs: outputs, bias: bias)
            }
            return Block(
                query: try linear("self_attn.q_proj", width, queries, a),
                key: try linear("self_attn.k_proj", width, keys, a),
                value: try linear("self_attn.v_proj", width, keys, a),
                output: try linear("self_attn.o_proj", queries, width, a),
                gate: try linear("mlp.gate_proj", width, inner, f),
                up: try linear("mlp.up_proj", width, inner, f),
                down: try linear("mlp.down_proj", inner, width, f),
                inputNorm: try store.rmsNorm(
                    "\(path).input_layernorm", width: width, epsilon: config.normEpsilon),
                attentionNorm: try store.rmsNorm(
                    "\(path).post_attention_layernorm", width: width, epsilon: config.normEpsilon))
        }
        linears = blocks.flatMap { [$0.query, $0.key, $0.value, $0.output, $0.gate, $0.up, $0.down] }
        norm = try store.rmsNorm("norm", width: width, epsilon: config.normEpsilon)
        head = try store.languageHead(&config, words: words)
        self.config = config
        rotary = RotaryTable(
            frequencies: config.rotaryFrequencies, scale: config.rotaryScaling.attention)
        guard Activation(configured: config.activation) == .silu else {
            throw Diagnostic(
                "bad-config", "LLaMA with the activation \(config.activation) is not supported, only silu")
        }
    }

    package func embed(_ tokens: Tokens, _ pass: Pass) throws -> Tensor {
        try check(tokens, pass)
        return pass.dropHidden(pass.words(tokens.ids, table: words), at: "embeddings")
    }

    package func block(_ index: Int, _ h: Tensor, _ pass: Pass) throws -> Tensor {
        let block = blocks[index]
        let shape = AttentionShape(
            heads: config.heads, keyValueHeads: config.keyValueHeads, headWidth: config.headWidth,
            isCausal: true)
        let x = block.inputNorm(h, pass)
        let q = pass.rotate(try block.query(x, pass), heads: config.heads, table: rotary)
        let k = pass.rotate(try block.key(x, pass), heads: config.keyValueHeads, table: rotary)
        let mixed = try pass.attention(
            q: Columns(q), k: Columns(k), v: Columns(try block.value(x, pass)), shape: shape, block: index)
        let output = pass.dropHidden(try block.output(mixed, pass), at: "block.\(index).attention.output")
        let attended = pass.add(h, output)
        let y = block.attentionNorm(attended, pass)
        let inner = pass.swiglu(gate: try block.gate(y, pass), up: try block.up(y, pass))
        let down = pass.dropHidden(try block.down(inner, pass), at: "block.\(index).output")
        return pass.add(attended, down)
    }

    package func finish(_ h: Tensor, _ pass: Pass) -> Tensor { norm(h, pass) }

    package func vocabularyLogits(_ h: Tensor, _ pass: Pass) throws -> Tensor {
        guard let head else { throw Diagnostic("no-head", "this checkpoint has no language head (lm_head)") }
        return try head(h, pass)
    }
}
