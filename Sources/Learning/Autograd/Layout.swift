/// How the sequences of a batch lie end to end in the rows of its tensors: no padding.
package struct Layout: Sendable {
    /// Row of each sequence's first token, and the number of rows at the end.
    package let starts: [Int]
    /// Each row's position within its sequence, offset by a shared prefix.
    package let positions: [Int32]
    /// Each row's key for dropout: which example, which position; nothing of the batch around it.
    package let keys: [UInt32]

    /// - `lengths`: tokens of each sequence, 1 or more.
    /// - `identities`: what tells the examples apart in randomness, such as their row numbers.
    /// - `offset`: position of every sequence's first token.
    package init(lengths: [Int], identities: [UInt64]? = nil, offset: Int = 0) {
        precondition(
            identities.map { $0.count == lengths.count } ?? true,
            "\(identities?.count ?? 0) identities of \(lengths.count) sequences")
        var starts = [0]
        var positions: [Int32] = []
        var keys: [UInt32] = []
        for (index, length) in lengths.enumerated() {
            precondition(length > 0, "sequence \(index) is empty")
            starts.append(starts[index] + length)
            let identity = identities?[index] ?? UInt64(index)
            for position in 0..<length {
                positions.append(Int32(position + offset))
                let key = CounterRandom.mix(identity &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(position))
                keys.append(UInt32(truncatingIfNeeded: key))
            }
        }
        self.starts = starts
        self.positions = positions
        self.keys = keys
    }

    package var sequenceCount: Int { starts.count - 1 }
    package var rowCount: Int { starts.last ?? 0 }

    package func rows(of sequence: Int) -> Range<Int> { starts[sequence]..<starts[sequence + 1] }
}
