import CVectorMath
import Compute

/// The shape of one attention layer.
package struct AttentionShape: Sendable {
    package var heads: Int
    /// Heads of keys and values; fewer than `heads` where groups of queries share one.
    package var keyValueHeads: Int
    /// Floats a head.
    package var headWidth: Int
    /// Whether a token sees only itself and what comes before it.
    package var isCausal: Bool
    /// Multiplies the scores; 1 / sqrt(headWidth) as a rule.
    package var scale: Float

    package init(heads: Int, keyValueHeads: Int? = nil, headWidth: Int, isCausal: Bool, scale: Float? = nil) {
        self.heads = heads
        self.keyValueHeads = keyValueHeads ?? heads
        self.headWidth = headWidth
        self.isCausal = isCausal
        self.scale = scale ?? 1 / Float(headWidth).squareRoot()
    }
}

/// Columns of a tensor: queries, keys or values, which a fused projection holds side by side.
package struct Columns {
    package let tensor: Tensor
    package let offset: Int

    package init(_ tensor: Tensor, offset: Int = 0) {
        self.tensor = tensor
        self.offset = offset
    }
}

extension Pass {
    /// Softmax attention within each sequence: `softmax(scale · q kᵀ) v` for every head.
    ///
    /// - `q`: (tokens, heads × headWidth); `k`, `v`: (tokens, keyValueHeads × headWidth).
    /// - `block`: which layer this is, for the keys and values that every sequence sees before its own: those of
    ///   the pass's tuning, or of a beginning that was computed once.
    /// - Result: as `q`. Scores exist for one block of queries of one head at a time; backward
    ///   computes them again from the saved log-sums.
    package func attention(
        q: Columns, k: Columns, v: Columns, shape: AttentionShape, block: Int = 0
    ) throws -> Tensor {
        try interruption?.check()
        let width = shape.heads * shape.headWidth
        let rows = q.tensor.rows
        check(q, width: width)
        check(k, width: shape.keyValueHeads * shape.headWidth)
        check(v, width: shape.keyValueHeads * shape.headWidth)
        if let memories {
            return try attention(q: q, k: k, v: v, shape: shape, block: block, remembering: memories)
        }
        let out = Buffer(count: rows * width)
        let logSums = Buffer(count: rows * shape.heads)
        let before = try keysBefore(block: block, k: k, v: v, shape: shape)
        let run = AttentionRun(
            shape: shape, q: AttentionRun.View(q), k: AttentionRun.View(k), v: AttentionRun.View(v),
            out: out, logSums: logSums, rows: rows, prefix: before, dropping: dropping(block: block))
        let layout = layout
        let branches = branches(of: run, k: k, v: v)
        each(layout.sequenceCount * shape.keyValueHeads) { piece in
            let sequence = piece / shape.keyValueHeads
            (branches[sequence] ?? run).forward(
                rows: layout.rows(of: sequence), group: piece % shape.keyValueHeads)
        }
        let slots = (q: q.tensor.slot, k: k.tensor.slot, v: v.tensor.slot)
        let isTracked = slots.q != nil || slots.k != nil || slots.v != nil || before?.isTracked ?? false
        return record(rows: rows, columns: width, buffer: out, isTracked: isTracked) {
            [unowned self] gradient in
            let targets = AttentionRun.Targets(slots.q, slots.k, slots.v, run: run)
            let first = before.flatMap { AttentionRun.PrefixGradient($0, sequences: layout.sequenceCount) }
            each(layout.sequenceCount * shape.keyValueHeads) { piece in
                let sequence = piece / shape.keyValueHeads
                run.backward(
                    gradient, into: targets, first?.part(of: sequence), rows: layout.rows(of: sequence),
                    group: piece % shape.keyValueHeads)
            }
            first?.add()
        }
    }

    /// What of a block's probabilities is zeroed: by query, key's place and head, and nothing of the batch around.
    private func dropping(block: Int) -> AttentionRun.Dropping? {
        guard isTraining, let p = tuning?.dropout.attention, p > 0 else { return nil }
        return AttentionRun.Dropping(
            keys: layout.keys, salt: salt(at: RandomSite("block.\(block).attention")), p: p)
    }

    private func check(_ columns: Columns, width: Int) {
        let tensor = columns.tensor
        precondition(
            tensor.rows == layout.rowCount && columns.offset >= 0 && columns.offset + width <= tensor.columns,
            "attention: \(width) columns from \(columns.offset) on, in \(tensor.rows) × \(tensor.columns), of \(layout.rowCount) tokens"
        )
    }

    private func keysBefore(
        block: Int, k: Columns, v: Columns, shape: AttentionShape
    ) throws -> AttentionRun.Prefix? {
        let columns = shape.keyValueHeads * shape.headWidth
        if let prefix, !prefix.isFilling {
            let entry = prefix.entry(block)
            return AttentionRun.Prefix(keys: entry.keys, values: entry.values, length: entry.length)
        }
        let own = try tuning?.keyValues[block]?.keysAndValues(self)
        if let own {
            precondition(
                own.keys.columns == columns && own.values.columns == columns
                    && own.keys.rows == own.values.rows,
                "block \(block): keys and values of \(own.keys.columns) columns for \(columns)")
        }
        if let prefix {
            prefix.record(
                PrefixCache.Entry(
                    keys: joined(own?.keys, k.dense(columns, rows: 0..<k.tensor.rows)),
                    values: joined(own?.values, v.dense(columns, rows: 0..<v.tensor.rows)),
                    length: (own?.keys.rows ?? 0) + k.tensor.rows), of: block)
        }
        return own.map { AttentionRun.Prefix(keys: $0.keys, values: $0.values) }
    }

    private func joined(_ first: Tensor?, _ rest: Buffer) -> Buffer {
        guard let first else { return rest }
        let both = Buffer(count: first.count + rest.count)
        both.pointer.update(from: first.pointer, count: first.count)
        (both.pointer + first.count).update(from: rest.pointer, count: rest.count)
        return both
    }
}

extension Columns {
    /// A copy of these columns of some rows alone, one row after the other.
    ///
    /// - `first`: so many rows before them are left to be written.
    func dense(_ columns: Int, rows: Range<Int>, after first: Int = 0) -> Buffer {
        let copy = Buffer(count: (first + rows.count) * columns)
        for (place, row) in rows.enumerated() {
            let from = tensor.pointer + row * tensor.columns + offset
            (copy.pointer + (first + place) * columns).update(from: from, count: columns)
        }
        return copy
    }
}
