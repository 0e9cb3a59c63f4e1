import Compute
import Diagnostics
import Learning

/// The tokens of a packed batch: sequences end to end, as the pass's layout says.
package struct Tokens: Sendable {
    package var ids: [Int32]
    /// 0 for the first text, 1 for the second; empty means all 0.
    package var segments: [Int32]

    package init(ids: [Int32], segments: [Int32] = []) {
        self.ids = ids
        self.segments = segments
    }
}

/// A transformer in three parts, so that a trainer can keep what lies below the trained blocks.
package protocol LanguageModel: AnyObject, Sendable {
    var config: ModelConfig { get }
    var store: ParameterStore { get }
    /// The words' table: (vocabulary, width).
    var words: Parameter { get }
    /// Every layer of the blocks that a tuning may change, in order.
    var linears: [Linear] { get }
    /// The path that a task model of the reference puts before these paths: `bert.`, `model.` …
    var taskPrefix: String { get }
    var isCausal: Bool { get }
    /// How a sequence becomes one vector when nothing else is asked for.
    var defaultPooling: Pooling { get }
    /// BERT's dense layer with tanh over the pooled vector, where the checkpoint has it.
    var pooler: Linear? { get }

    /// Token (and position) embeddings: (tokens, width).
    func embed(_ tokens: Tokens, _ pass: Pass) throws -> Tensor
    /// One transformer block: (tokens, width) to the same.
    func block(_ index: Int, _ h: Tensor, _ pass: Pass) throws -> Tensor
    /// What follows the last block: the final norm, where there is one.
    func finish(_ h: Tensor, _ pass: Pass) -> Tensor
    /// Vocabulary logits of hidden states that `finish` returned: (rows, vocabulary).
    func vocabularyLogits(_ h: Tensor, _ pass: Pass) throws -> Tensor
    /// Whether `vocabularyLogits` can be had: a decoder, or BERT with its MLM head.
    var hasLanguageHead: Bool { get }
    /// The layer that makes `vocabularyLogits`, where a tuning may change it.
    var languageHead: Linear? { get }
    /// What fills masks in, where the model is an encoder that has it.
    var maskedHead: MaskedHead? { get }
    /// The same model, over the same weights, with a head that fills masks in; itself where it is no encoder.
    func with(_ head: MaskedHead) -> any LanguageModel
    /// The word table's name, and the reference's name for the language head's weight, where both are one
    /// tensor; nil where they are two, or there is no head.
    var tiedTable: (table: String, head: String)? { get }
    /// The part that a path of the model's, or of what is attached to it, belongs to.
    func part(of path: String) -> Part
}

extension LanguageModel {
    package var maskedHead: MaskedHead? { nil }
    package func with(_ head: MaskedHead) -> any LanguageModel { self }

    /// Hidden states of the last block, after the final norm: (tokens, width).
    package func hiddenStates(_ tokens: Tokens, _ pass: Pass) throws -> Tensor {
        var h = try embed(tokens, pass)
        for index in 0..<config.blocks { h = try tuned(index, h, pass) }
        return finish(h, pass)
    }

    /// A block and what the tuning makes of its output: (tokens, width) to the same.
    package func tuned(_ index: Int, _ h: Tensor, _ pass: Pass) throws -> Tensor {
        try pass.checkpoint(h) { h, pass in
            let h = try self.block(index, h, pass)
            return try pass.tuning?.outputs[index]?.adjust(h, pass) ?? h
        }
    }

    /// The block that a path belongs to; nil for embeddings, final norm and heads.
    package func blockIndex(of path: String) -> Int? {
        if case .block(let index) = part(of: path) { index } else { nil }
    }

    /// Tokens of a sequence, at most, beside what a tuning puts before them or among them.
    package func room(under tuning: Tuning?) -> Int { config.context - (tuning?.positionCount ?? 0) }

    /// Refuses what the embedding tables don't hold, before anything is looked up.
    package func check(_ tokens: Tokens, _ pass: Pass) throws {
        let layout = pass.layout
        precondition(
            tokens.ids.count == layout.tokenCount, "\(tokens.ids.count) tokens of \(layout.tokenCount)")
        if let bad = tokens.ids.first(where: { $0 < 0 || Int($0) >= config.vocabulary }) {
            throw Diagnostic(
                "bad-token", "token \(bad) is outside the model's vocabulary of \(config.vocabulary.grouped)",
                hint: "the tokenizer belongs to another model")
        }
        if let last = layout.positions.max(), Int(last) >= config.context {
            let own = pass.tuning?.positionCount ?? 0
            throw Diagnostic(
                "too-long",
                "a sequence of \(Int(last) + 1 - own) tokens\(own > 0 ? " after \(own) virtual ones" : "") is longer "
                    + "than the model's context of \(config.context.grouped)",
                hint: "set max_length=\(room(under: pass.tuning)) or less")
        }
    }
}
