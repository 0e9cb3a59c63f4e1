import Learning
import Models
import System

/// One sequence of tokens as the model sees it, and what is learned of it.
package struct Row: Sendable, Hashable {
    package var ids: [Int32]
    /// 0 and 1 for the two texts of a pair; empty when all are 0.
    package var segments: [Int32]
    /// In ascending order; one alone where a head pools the row.
    package var learned: [Learned]
    /// Tokens of the prompt, with which the row begins: all of them where no answer follows.
    package var promptCount: Int
    /// What tells this row from others in randomness and caches.
    package var identity: UInt64

    package init(
        ids: [Int32], segments: [Int32] = [], identity: UInt64, learned: [Learned] = [],
        promptCount: Int? = nil
    ) {
        (self.ids, self.segments, self.identity, self.learned) = (ids, segments, identity, learned)
        self.promptCount = promptCount ?? ids.count
    }

    /// The identity of a row by what it holds: the same wherever it comes from, so that equal rows share what is
    /// computed for one of them.
    ///
    /// - `role`: 0 or more; tells rows of equal tokens apart that stand for different things.
    package static func identity(of ids: [Int32], _ segments: [Int32] = [], role: Int = 0) -> UInt64 {
        let start = CounterRandom.mix(UInt64(role) << 32 ^ UInt64(ids.count))
        return (ids + segments).reduce(start) { CounterRandom.mix($0 ^ UInt64(UInt32(bitPattern: $1))) }
    }
}

/// A place whose output is compared with a target.
package struct Learned: Sendable, Hashable {
    /// The token whose output it is; of no meaning where a head pools the row.
    package var place: Int
    /// Nil where the output is read and not learned from.
    package var target: Target?
    /// Its weight in the loss.
    package var weight: Float = 1
    /// log p of the target without any tuning, where a loss compares with it.
    package var reference: Float = 0

    package init(place: Int = 0, _ target: Target?, weight: Float = 1) {
        (self.place, self.target, self.weight) = (place, target, weight)
    }
}

/// What an output should be.
package enum Target: Sendable, Hashable {
    /// A class, or a token of the vocabulary, by number.
    case label(Int)
    case value(Float)

    package var label: Int? { if case .label(let label) = self { label } else { nil } }
    package var value: Float? { if case .value(let value) = self { value } else { nil } }
}

/// One example as the model sees it: a row or several, which are always worked on together.
package struct EncodedExample: Sendable, Hashable {
    package var rows: [Row]
    /// What an answer to the whole example should be, where it is known.
    package var truth: Target?
    /// Tokens of text that did not fit and were cut.
    package var cut: Int
    /// Special tokens that were written out in the text, though the tokenizer adds them, and of which one is taken.
    package var doubled = 0

    package init(_ rows: [Row], truth: Target? = nil, cut: Int = 0) {
        (self.rows, self.truth, self.cut) = (rows, truth, cut)
    }

    /// One row that a head pools.
    package init(
        ids: [Int32], segments: [Int32] = [], identity: UInt64, target: Target? = nil, cut: Int = 0
    ) {
        let row = Row(ids: ids, segments: segments, identity: identity, learned: [Learned(target)])
        self.init([row], truth: target, cut: cut)
    }

    /// Each row as an example of its own.
    var apart: [EncodedExample] { rows.map { EncodedExample([$0], truth: truth, cut: cut) } }

    package var tokenCount: Int { rows.reduce(0) { $0 + $1.ids.count } }

    /// Rows of the tensors of a pass over it, those that a tuning puts into each sequence included.
    package func rowCount(under tuning: Tuning?) -> Int {
        tokenCount + rows.count * (tuning?.leadingCount ?? 0)
    }
}

extension Layout {
    /// The rows end to end, with what a tuning puts into each.
    ///
    /// - `common`: tokens of every one that an earlier pass has seen, with what the tuning puts before them.
    package init(_ rows: [Row], under tuning: Tuning?, after common: Int = 0) {
        let leading = tuning?.leadingCount ?? 0
        self.init(
            lengths: rows.map(\.ids.count), identities: rows.map(\.identity),
            leading: common > 0 ? 0 : leading,
            tokensBeforeLeading: common > 0 ? 0 : tuning?.leading?.tokensBefore ?? 0,
            offset: (tuning?.keyValueCount ?? 0) + (common > 0 ? leading + common : 0), before: common,
            prompts: rows.map { $0.promptCount + common })
    }
}

extension Tokens {
    /// The rows end to end.
    package init(_ rows: [Row]) {
        let pairs = rows.contains { !$0.segments.isEmpty }
        self.init(
            ids: rows.flatMap(\.ids),
            segments: pairs
                ? rows.flatMap {
                    $0.segments.isEmpty ? [Int32](repeating: 0, count: $0.ids.count) : $0.segments
                }
                : [])
    }
}
