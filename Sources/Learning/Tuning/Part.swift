/// A part of a model, in the order in which a pass comes to them.
package enum Part: Sendable, Hashable, Comparable {
    /// Tables of words, positions and segments, and what follows them before the first block.
    case embeddings
    case block(Int)
    /// The norm after the last block, where there is one.
    case finish
    /// BERT's dense layer over the first token.
    case pooler
    /// What foretells tokens, where it is a tensor of its own.
    case languageHead
    /// A task's own head, which stands outside the model.
    case head
}
