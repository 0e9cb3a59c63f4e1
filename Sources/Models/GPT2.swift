import Checkpoints
import Compute
import Diagnostics
import JSON
import Learning

/// GPT-2 (Radford et al. 2019): learned positions, norms before each part, weights stored (in, out).
package final class GPT2: LanguageModel {
    package static let prefix = "transformer."

    package let config: ModelConfig
    package let store: ParameterStore
    package let linears: [Linear]
    package let words: Parameter

    private let positions: Parameter
    private let blocks: [Block]
    private let norm: LayerNorm
    /// Nil in a classifier's checkpoint that has none.
    private let head: Linear?
    private let activation: Activation

    private struct Block {
        let attention, output, up, down: Linear
        let attentionNorm, feedForwardNorm: LayerNorm
    }

    private static let parts = PartNames(
        blocks: "h.",
        others: [
            ("wte.", .embeddings), ("wpe.", .embeddings), ("ln_f.", .finish), ("lm_head.", .languageHead),
        ])

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
        let (width, epsilon) = (config.width, config.normEpsilon)
        words = try store.parameter("wte.weight", [config.vocabulary, width], as: .table)
        positions = try store.parameter("wpe.weight", [config.context, width], as: .table)
        blocks = try (0..<config.blocks).map { index in
            let path = "h.\(index)"
            func linear(_ name: String, _ inputs: Int, _ outputs: Int) throws -> Linear {
                try store.linear(
                    "\(path).\(name)", inputs: inputs, outputs: outputs, bias: true, layout: .inByOut)
            }
            return Block(
                attention: try linear("attn.c_attn", width, 3 * width),
                output: try linear("attn.c_proj", width, width),
                up: try linear("mlp.c_fc", width, config.feedForward),
                down: try linear("mlp.c_proj", config.feedForward, width),
                attentionNorm: try store.layerNorm("\(path).ln_1", width: width, epsilon: epsilon),
                feedForwardNorm: try store.layerNorm("\(path).ln_2", width: width, epsilon: epsilon))
        }
        linears = blocks.flatMap { [$0.attention, $0.output, $0.up, $0.down] }
        norm = try store.layerNorm("ln_f", width: width, epsilon: epsilon)
        head = try store.languageHead(&config, words: words)
        self.config = config
        guard let activation = Activation(configured: config.activation) else {
            throw Diagnostic("bad-config", "GPT-2 with the activation \(config.activation) is not supported")
        }
        self.activation = activation
    }

    package func embed(_ tokens: Tokens, _ pass: Pass) throws -> Tensor {
        try check(tokens, pass)
        let h = pass.words(tokens.ids, table: words)
        return pass.dropHidden(
            pass.add(h, pass.embed(pass.layout.positions, table: positions)), at: "embeddings")
    }

    package func block(_ index: Int, _ h: Tensor, _ pass: Pass) throws -> Tensor {
        let block = blocks[index]
        var scale: Float = config.scalesScores ? 1 / Float(config.headWidth).squareRoot() : 1
        if config.scalesByBlock { scale /= Float(index + 1) }
        let shape = AttentionShape(
            heads: config.heads, headWidth: config.headWidth, isCausal: true, scale: scale)
        let qkv = try block.attention(block.attentionNorm(h, pass), pass)
        let mixed = try pass.attention(
            q: Columns(qkv), k: Columns(qkv, offset: config.width), v: Columns(qkv, offset: 2 * config.width),
            shape: shape, block: index)
        let output = pass.dropHidden(try block.output(mixed, pass), at: "block.\(index).attention.output")
        let attended = pass.add(h, output)
        let inner = pass.activate(try block.up(block.feedForwardNorm(attended, pass), pass), activation)
        let down = pass.dropHidden(try block.down(inner, pass), at: "block.\(index).output")
        return pass.add(attended, down)
    }

    package func finish(_ h: Tensor, _ pass: Pass) -> Tensor { norm(h, pass) }

    package func vocabularyLogits(_ h: Tensor, _ pass: Pass) throws -> Tensor {
        guard let head else { throw Diagnostic("no-head", "this checkpoint has no language head (lm_head)") }
        return try head(h, pass)
    }
}
