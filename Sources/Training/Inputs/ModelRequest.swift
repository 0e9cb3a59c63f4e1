import Learning
import Models

/// What a model may be loaded with.
package struct ModelRequest: Sendable, Hashable, Codable {
    package var name: String
    package var precision: Precision?
    package var pooling: Pooling?
    /// Before the classifier; nil for none.
    package var headNorm: HeadNorm?
    package var seed: UInt64
    /// How many of the first blocks are taken; nil for all.
    package var blocks: Int?
    /// Keys of the model's files to go on without.
    package var ignoring: Set<String> = []
    /// Whether a classifier in its files is taken up, by whoever asks.
    package var takesHead = false

    package init(
        name: String, precision: Precision? = nil, pooling: Pooling? = nil, seed: UInt64,
        blocks: Int? = nil, ignoring: Set<String> = [], takesHead: Bool = false
    ) {
        (self.name, self.precision, self.pooling, self.seed) = (name, precision, pooling, seed)
        self.blocks = blocks
        (self.ignoring, self.takesHead) = (ignoring, takesHead)
    }

    private enum CodingKeys: String, CodingKey {
        case name, precision, pooling, headNorm, seed, blocks, ignoring, takesHead
    }

    /// Sorted, so that equal requests give equal bytes.
    package func encode(to encoder: any Swift.Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encodeIfPresent(precision, forKey: .precision)
        try container.encodeIfPresent(pooling, forKey: .pooling)
        try container.encodeIfPresent(headNorm, forKey: .headNorm)
        try container.encode(seed, forKey: .seed)
        try container.encodeIfPresent(blocks, forKey: .blocks)
        try container.encode(ignoring.sorted(), forKey: .ignoring)
        try container.encode(takesHead, forKey: .takesHead)
    }
}
