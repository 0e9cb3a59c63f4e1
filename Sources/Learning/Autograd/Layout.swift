import System

/// How the sequences of a batch lie end to end in the rows of its tensors: no padding.
package struct Layout: Sendable {
    /// Row of each sequence's first token, or of the first of the rows before it, and the number of rows at the
    /// end.
    package let starts: [Int]
    /// Each row's position within its sequence, offset by what came before.
    package let positions: [Int32]
    /// Each row's key for dropout: which example, which position; nothing of the batch around it.
    package let keys: [UInt32]
    /// Rows that a tuning puts before the tokens of each sequence, or among them.
    package let leading: Int
    /// How many of a sequence's tokens stand before those rows.
    package let tokensBeforeLeading: Int
    /// Tokens of each sequence that earlier passes have seen, or that stand in the sequence it goes on from.
    private let before: [Int]
    private let prompts: [Int]
    /// For each sequence the one of this pass that it goes on from, if it does; nil where none does.
    package private(set) var parents: [Int?]?

    /// - `lengths`: tokens of each sequence, 1 or more.
    /// - `identities`: what tells the examples apart in randomness, such as their row numbers.
    /// - `leading`: rows that a tuning puts before each sequence's tokens, the first `tokensBeforeLeading` aside.
    /// - `offset`: position of every sequence's first row.
    /// - `before`: tokens of every sequence that an earlier pass has seen (a common beginning).
    /// - `prompts`: tokens of each sequence's prompt, those before included; by default all that there are.
    package init(
        lengths: [Int], identities: [UInt64]? = nil, leading: Int = 0, tokensBeforeLeading first: Int = 0,
        offset: Int = 0, before: Int = 0, prompts: [Int]? = nil
    ) {
        precondition(
            identities.map { $0.count == lengths.count } ?? true,
            "\(identities?.count ?? 0) identities of \(lengths.count) sequences")
        precondition(
            prompts.map { $0.count == lengths.count } ?? true,
            "\(prompts?.count ?? 0) prompts of \(lengths.count) sequences")
        var starts = [0]
        var positions: [Int32] = []
        var keys: [UInt32] = []
        for (index, length) in lengths.enumerated() {
            precondition(length > 0, "sequence \(index) is empty")
            precondition(length >= first, "sequence \(index) has \(length) tokens, \(first) stand first")
            starts.append(starts[index] + leading + length)
            let identity = identities?[index] ?? UInt64(index)
            for row in 0..<leading + length {
                positions.append(Int32(row + offset))
                // A token has the same key whatever stands before it; what stands there counts backwards.
                let place = UInt64(bitPattern: Int64(Self.place(row, first, leading)))
                let key = CounterRandom.mix(identity &* 0x9E37_79B9_7F4A_7C15 &+ place)
                keys.append(UInt32(truncatingIfNeeded: key))
            }
        }
        self.starts = starts
        self.positions = positions
        self.keys = keys
        (self.leading, tokensBeforeLeading) = (leading, first)
        self.before = lengths.map { _ in before }
        self.prompts = prompts ?? lengths.map { $0 + before }
    }

    /// A sequence that earlier passes have begun.
    package struct Continuation: Sendable {
        /// Tokens that are new, 1 or more.
        package var length = 1
        /// The position of the first of them, what a tuning puts before or among the tokens counted.
        package var position: Int
        /// Tokens that earlier passes have seen.
        package var before: Int
        /// Tokens of its prompt, those before included.
        package var prompt: Int

        package init(length: Int = 1, position: Int, before: Int, prompt: Int) {
            (self.length, self.position, self.before, self.prompt) = (length, position, before, prompt)
        }
    }

    /// Sequences that go on where earlier passes left off, each at its own place. Nothing is drawn in such a pass: all
    /// rows have one key.
    package init(continuing sequences: [Continuation]) {
        var starts = [0]
        var positions: [Int32] = []
        for (index, sequence) in sequences.enumerated() {
            precondition(sequence.length > 0, "sequence \(index) goes on with nothing")
            starts.append(starts[index] + sequence.length)
            positions += (0..<sequence.length).map { Int32(sequence.position + $0) }
        }
        (self.starts, self.positions) = (starts, positions)
        keys = Array(repeating: 0, count: positions.count)
        (leading, tokensBeforeLeading) = (0, 0)
        (before, prompts) = (sequences.map(\.before), sequences.map(\.prompt))
    }

    /// Sequences of which some go on from the end of others of the same pass, so that what several begin with is computed
    /// once. Nothing is drawn in such a pass: all rows have one key.
    ///
    /// - `parents`: for each sequence one that stands before it and goes on from none itself, or nil.
    /// - `offset`, `before`: as above, of those that go on from none.
    /// - `prompts`: tokens of each sequence's prompt, those of its parent and those before it included.
    package init(
        branching lengths: [Int], from parents: [Int?], offset: Int = 0, before: Int = 0, prompts: [Int]
    ) {
        precondition(
            parents.count == lengths.count && prompts.count == lengths.count,
            "\(parents.count) parents and \(prompts.count) prompts of \(lengths.count) sequences")
        let sequences = lengths.indices.map { index in
            let parent = parents[index]
            precondition(
                parent.map { $0 < index && parents[$0] == nil } ?? true,
                "sequence \(index) goes on from \(parent ?? 0), which no sequence can")
            let seen = parent.map { lengths[$0] } ?? 0
            return Continuation(
                length: lengths[index], position: offset + seen, before: before + seen, prompt: prompts[index]
            )
        }
        self.init(continuing: sequences)
        self.parents = parents
    }

    /// A token's number, or one below 0 for a row that is none.
    private static func place(_ row: Int, _ first: Int, _ leading: Int) -> Int {
        guard row >= first else { return row }
        return row < first + leading ? row - first - leading : row - leading
    }

    package var sequenceCount: Int { starts.count - 1 }
    package var rowCount: Int { starts.last ?? 0 }
    package var tokenCount: Int { rowCount - sequenceCount * leading }

    package func rows(of sequence: Int) -> Range<Int> { starts[sequence]..<starts[sequence + 1] }

    /// The rows of a sequence's tokens, with those that stand among them.
    package func tokens(of sequence: Int) -> Range<Int> {
        starts[sequence] + leading - among..<starts[sequence + 1]
    }

    /// Rows of a tuning's that stand between a sequence's tokens.
    private var among: Int { tokensBeforeLeading > 0 ? leading : 0 }

    /// The row of a sequence's token, counted from the first of this pass.
    package func row(of token: Int, in sequence: Int) -> Int {
        starts[sequence] + token + (token < tokensBeforeLeading ? 0 : leading)
    }

    /// A value a token made one a row: `filler` for the rows before a sequence's tokens, and for all where there
    /// are no values.
    package func rowed(_ values: [Int32], before filler: Int32) -> [Int32] {
        guard !values.isEmpty else { return Array(repeating: filler, count: rowCount) }
        precondition(values.count == tokenCount, "\(values.count) values for \(tokenCount) tokens")
        guard leading > 0 else { return values }
        var rows = [Int32](repeating: filler, count: rowCount)
        var next = 0
        for sequence in 0..<sequenceCount {
            for token in 0..<self.rows(of: sequence).count - leading {
                rows[row(of: token, in: sequence)] = values[next]
                next += 1
            }
        }
        return rows
    }

    /// A sequence's prompt, in which methods count positions from both ends.
    package struct Prompt: Sendable, Hashable {
        /// The rows of its tokens in this pass; empty where an earlier pass has seen them all. What a tuning puts
        /// among them counts as its tokens.
        package let rows: Range<Int>
        /// How many of its tokens an earlier pass has seen.
        package let before: Int
        /// How many tokens it has in all.
        package let count: Int
    }

    package func prompt(of sequence: Int) -> Prompt {
        let tokens = tokens(of: sequence)
        let count = prompts[sequence] + among
        let own = max(0, min(tokens.count, count - before[sequence]))
        return Prompt(
            rows: tokens.lowerBound..<tokens.lowerBound + own, before: before[sequence], count: count)
    }
}
