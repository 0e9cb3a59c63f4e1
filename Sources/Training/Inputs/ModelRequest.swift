import Learning
import Models

/// What a model may be loaded with.
package struct ModelRequest: Sendable {
    package var name: String
    package var precision: Precision?
    package var pooling: Pooling?
    package var seed: UInt64
    /// Keys of the model's files to go on without.
    package var ignoring: Set<String> = []
    /// Whether a classifier in its files is taken up, by whoever asks.
    package var takesHead = false

    package init(
        name: String, precision: Precision? = nil, pooling: Pooling? = nil, seed: UInt64,
        ignoring: Set<String> = [], takesHead: Bool = false
    ) {
        self.name = name
        self.precision = precision
        self.pooling = pooling
        self.seed = seed
        self.ignoring = ignoring
        self.takesHead = takesHead
    }
}
