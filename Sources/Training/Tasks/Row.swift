import Learning
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

extension Layout {
    /// The examples end to end, with what a tuning puts before each.
    ///
    /// - `common`: tokens of every one that an earlier pass has seen, with what the tuning puts before them.
    package init(_ examples: [EncodedExample], under tuning: Tuning?, after common: Int = 0) {
        let leading = tuning?.leadingCount ?? 0
        self.init(
            lengths: examples.map(\.ids.count), identities: examples.map(\.identity),
            leading: common > 0 ? 0 : leading,
            offset: (tuning?.keyValueCount ?? 0) + (common > 0 ? leading + common : 0), before: common,
            prompts: examples.map { $0.answer?.lowerBound ?? $0.ids.count }.map { $0 + common })
    }
}

extension Tokens {
    /// The examples end to end.
    package init(_ examples: [EncodedExample]) {
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
