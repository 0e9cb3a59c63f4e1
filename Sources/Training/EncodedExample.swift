import Models

/// One example as the model sees it.
package struct EncodedExample: Sendable, Hashable {
    package var ids: [Int32]
    /// 0 and 1 for the two texts of a pair; empty when all are 0.
    package var segments: [Int32] = []
    /// The class, where it is known.
    package var label: Int?
    /// Where the answer's tokens lie in `ids`, for objectives that learn to write it.
    package var answer: Range<Int>?
    /// What tells this example from others in randomness and caches.
    package var identity: UInt64
    /// Tokens of text that did not fit and were cut.
    package var cut = 0

    package init(ids: [Int32], identity: UInt64) {
        self.ids = ids
        self.identity = identity
    }
}

extension Tokens {
    /// The examples end to end.
    init(_ examples: [EncodedExample]) {
        let pairs = examples.contains { !$0.segments.isEmpty }
        self.init(
            ids: examples.flatMap(\.ids),
            segments: pairs
                ? examples.flatMap {
                    $0.segments.isEmpty ? [Int32](repeating: 0, count: $0.ids.count) : $0.segments
                }
                : [])
    }
}
