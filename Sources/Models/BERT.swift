import Checkpoints
import Compute
import Diagnostics
import JSON
import Learning

/// The BERT encoder (Devlin et al. 2019): learned positions, two segments, norms after each part.
package final class BERT: LanguageModel {
    package static let prefix = "bert."

    package let config: ModelConfig
    package let store: ParameterStore
    package let linears: [Linear]
    package let words: Parameter
    package let pooler: Linear?
    /// The masked head is more than a linear layer.
    package var languageHead: Linear? { nil }
    package let maskedHead: MaskedHead?

    private let positions: Parameter
    private let segments: Parameter
    private let norm: LayerNorm
    private let blocks: [Block]

    private struct Block {
        let query, key, value, output, up, down: Linear
        let attentionNorm, outputNorm: LayerNorm
    }

    private static let parts = PartNames(
        blocks: "encoder.layer.",
        others: [("embeddings.", .embeddings), ("pooler.", .pooler), ("cls.", .languageHead)])

    package var taskPrefix: String { Self.prefix }
    package func part(of path: String) -> Part { Self.parts.part(of: path) }
    package var isCausal: Bool { false }
    package var defaultPooling: Pooling { .cls }

    /// - Throws: a missing or misshapen tensor, or a configuration that is not BERT's.
    package init(_ config: ModelConfig, _ store: ParameterStore) throws {
        var config = config
        self.store = store
        let (width, epsilon) = (config.width, config.normEpsilon)
        words = try store.parameter(
            "embeddings.word_embeddings.weight", [config.vocabulary, width], as: .table)
        positions = try store.parameter(
            "embeddings.position_embeddings.weight", [config.context, width], as: .table)
        segments = try store.parameter(
            "embeddings.token_type_embeddings.weight", [config.segments, width], as: .table)
        norm = try store.layerNorm("embeddings.LayerNorm", width: width, epsilon: epsilon)
        blocks = try (0..<config.blocks).map { index in
            let path = "encoder.layer.\(index)"
            func linear(_ name: String, _ inputs: Int, _ outputs: Int) throws -> Linear {
                try store.linear("\(path).\(name)", inputs: inputs, outputs: outputs, bias: true)
            }
            return Block(
                query: try linear("attention.self.query", width, width),
                key: try linear("attention.self.key", width, width),
                value: try linear("attention.self.value", width, width),
                output: try linear("attention.output.dense", width, width),
                up: try linear("intermediate.dense", width, config.feedForward),
                down: try linear("output.dense", config.feedForward, width),
                attentionNorm: try store.layerNorm(
                    "\(path).attention.output.LayerNorm", width: width, epsilon: epsilon),
                outputNorm: try store.layerNorm("\(path).output.LayerNorm", width: width, epsilon: epsilon))
        }
        linears = blocks.flatMap { [$0.query, $0.key, $0.value, $0.output, $0.up, $0.down] }
        pooler =
            store.has("pooler.dense.weight")
            ? try store.linear("pooler.dense", inputs: width, outputs: width, bias: true, isOfBlock: false)
            : nil
        activation = try Activation(of: config)
        maskedHead = try MaskedHead(&config, store, words: words, activation: activation)
        self.config = config
    }

    private let activation: Activation

    /// The same weights, with a head beside them.
    private init(_ other: BERT, _ head: MaskedHead) {
        var config = other.config
        config.tiesHead = head.isTied
        (self.config, words, linears, pooler) = (config, other.words, other.linears, other.pooler)
        (positions, segments, norm) = (other.positions, other.segments, other.norm)
        (blocks, activation) = (other.blocks, other.activation)
        store = other.store.adding(head.parameters, norms: head.normNames)
        maskedHead = head
    }

    package func with(_ head: MaskedHead) -> any LanguageModel { BERT(self, head) }

    package func embed(_ tokens: Tokens, _ pass: Pass) throws -> Tensor {
        try check(tokens, pass)
        let kinds = pass.layout.rowed(tokens.segments, before: 0)
        guard kinds.allSatisfy({ $0 >= 0 && Int($0) < config.segments }) else {
            throw Diagnostic(
                "bad-token", "the model has \(config.segments) kinds of segments; a pair of texts needs 2")
        }
        var h = pass.words(tokens.ids, table: words)
        h = pass.add(h, pass.embed(kinds, table: segments))
        h = pass.add(h, pass.embed(pass.layout.positions, table: positions))
        return pass.dropHidden(norm(h, pass), at: "embeddings")
    }

    package func block(_ index: Int, _ h: Tensor, _ pass: Pass) throws -> Tensor {
        let block = blocks[index]
        let shape = AttentionShape(heads: config.heads, headWidth: config.headWidth, isCausal: false)
        let mixed = try pass.attention(
            q: Columns(try block.query(h, pass)), k: Columns(try block.key(h, pass)),
            v: Columns(try block.value(h, pass)), shape: shape, block: index)
        let output = pass.dropHidden(try block.output(mixed, pass), at: "block.\(index).attention.output")
        let attended = block.attentionNorm(pass.add(h, output), pass)
        let inner = pass.activate(try block.up(attended, pass), activation)
        let down = pass.dropHidden(try block.down(inner, pass), at: "block.\(index).output")
        return block.outputNorm(pass.add(attended, down), pass)
    }

    package func finish(_ h: Tensor, _ pass: Pass) -> Tensor { h }

    package var hasLanguageHead: Bool { maskedHead != nil }
    package var tiedTable: (table: String, head: String)? {
        maskedHead?.table === words ? (words.name, "\(MaskedHead.decoderPath).weight") : nil
    }

    package func vocabularyLogits(_ h: Tensor, _ pass: Pass) throws -> Tensor {
        guard let maskedHead else {
            throw Diagnostic("no-head", "this BERT checkpoint has no masked language head (cls.predictions)")
        }
        return try maskedHead.logits(h, pass)
    }
}

extension Activation {
    /// A BERT's.
    ///
    /// - Throws: `bad-config`.
    init(of config: ModelConfig) throws {
        guard let known = Activation(configured: config.activation) else {
            throw Diagnostic("bad-config", "BERT with the activation \(config.activation) is not supported")
        }
        self = known
    }
}
