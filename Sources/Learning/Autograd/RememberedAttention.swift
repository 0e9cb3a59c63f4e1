import CVectorMath
import Compute

extension Pass {
    /// Attention within each sequence, to all that its memory holds and to the rows of this pass, which are added to it.
    ///
    /// - `q`, `k`, `v`, result: as `attention` has them; nothing is tracked.
    /// - `memories`: one a sequence, of its own.
    func attention(
        q: Columns, k: Columns, v: Columns, shape: AttentionShape, block: Int,
        remembering memories: [SequenceMemory]
    ) throws -> Tensor {
        let (rows, layout) = (q.tensor.rows, layout)
        precondition(
            shape.isCausal && !isTraining && memories.count == layout.sequenceCount,
            "\(memories.count) memories of \(layout.sequenceCount) sequences")
        let columns = shape.keyValueHeads * shape.headWidth
        let isBegun = memories.allSatisfy { $0.count(of: block) > 0 }
        let own = isBegun ? nil : try tuning?.keyValues[block]?.keysAndValues(self)
        var seen: [Int] = []
        for (sequence, memory) in memories.enumerated() {
            if let own, memory.count(of: block) == 0 {
                memory.add(
                    0..<own.keys.rows, of: Columns(own.keys), Columns(own.values), columns: columns, to: block
                )
            }
            seen.append(memory.count(of: block))
            memory.add(layout.rows(of: sequence), of: k, v, columns: columns, to: block)
        }
        let out = Buffer(count: rows * shape.heads * shape.headWidth)
        let logSums = Buffer(count: rows * shape.heads)
        each(layout.sequenceCount * shape.keyValueHeads) { piece in
            let (sequence, group) = (piece / shape.keyValueHeads, piece % shape.keyValueHeads)
            let known = memories[sequence].block(block)
            let range = layout.rows(of: sequence)
            guard range.count > 1 else {
                return Self.attend(
                    q, to: known, row: range.lowerBound, group: group, shape: shape, into: out)
            }
            let prefix = AttentionRun.Prefix(keys: known.keys, values: known.values, length: seen[sequence])
            AttentionRun(
                shape: shape, q: AttentionRun.View(q), k: AttentionRun.View(k), v: AttentionRun.View(v),
                out: out, logSums: logSums, rows: rows, prefix: seen[sequence] > 0 ? prefix : nil,
                dropping: nil
            ).forward(rows: range, group: group)
        }
        return Tensor(rows: rows, columns: shape.heads * shape.headWidth, buffer: out)
    }

    /// One row's heads of a group, which see all that there is.
    private static func attend(
        _ q: Columns, to known: SequenceMemory.Block, row: Int, group: Int, shape: AttentionShape,
        into out: Buffer
    ) {
        let (heads, d) = (shape.heads / shape.keyValueHeads, shape.headWidth)
        let scores = Buffer(count: heads * known.count)
        let first = group * heads * d
        lk_attend(
            out.pointer + row * shape.heads * d + first,
            q.tensor.pointer + row * q.tensor.columns + q.offset + first,
            known.keys.pointer + group * d, known.values.pointer + group * d, scores.pointer, shape.scale,
            heads, known.count, d, shape.keyValueHeads * d)
    }
}
