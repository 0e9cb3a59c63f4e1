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

/// Which part of a model a path leads to, by what it begins with.
struct PartNames: Sendable {
    /// What stands before a block's number: `encoder.layer.`
    let blocks: String
    /// What the paths of the other parts begin with.
    let others: [(start: String, part: Part)]

    func part(of path: String) -> Part {
        if path.hasPrefix(blocks) {
            let number = path.dropFirst(blocks.count).prefix { $0 != "." }
            if let index = Int(number) { return .block(index) }
        }
        return others.first { "\(path).".hasPrefix($0.start) }?.part ?? .head
    }
}
