import CVectorMath
import Tensors

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
    /// - `block`: which layer this is, for the keys and values of a shared beginning.
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
        let out = Buffer(count: rows * width)
        let logSums = Buffer(count: rows * shape.heads)
        let before = keysBefore(block: block, k: k, v: v, shape: shape)
        let run = AttentionRun(
            shape: shape, q: AttentionRun.View(q), k: AttentionRun.View(k), v: AttentionRun.View(v),
            out: out, logSums: logSums, rows: rows, prefix: before)
        let layout = layout
        each(layout.sequenceCount * shape.keyValueHeads) { piece in
            run.forward(
                rows: layout.rows(of: piece / shape.keyValueHeads), group: piece % shape.keyValueHeads)
        }
        let isTracked = q.tensor.isTracked || k.tensor.isTracked || v.tensor.isTracked
        precondition(!isTracked || before == nil, "a computed beginning has no gradient")
        let slots = (q.tensor.slot, k.tensor.slot, v.tensor.slot)
        return record(rows: rows, columns: width, buffer: out, isTracked: isTracked) {
            [unowned self] gradient in
            let targets = AttentionRun.Targets(slots.0, slots.1, slots.2, run: run)
            each(layout.sequenceCount * shape.keyValueHeads) { piece in
                run.backward(
                    gradient, into: targets, rows: layout.rows(of: piece / shape.keyValueHeads),
                    group: piece % shape.keyValueHeads)
            }
        }
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
    ) -> AttentionRun.Prefix? {
        guard let prefix else { return nil }
        if prefix.isFilling {
            let columns = shape.keyValueHeads * shape.headWidth
            prefix.append(keys: k.dense(columns), values: v.dense(columns))
            return nil
        }
        let entry = prefix.entry(block)
        return AttentionRun.Prefix(keys: entry.keys, values: entry.values, length: prefix.length)
    }
}

extension Columns {
    /// A copy of these columns alone, one row after the other.
    fileprivate func dense(_ columns: Int) -> Buffer {
        let copy = Buffer(count: tensor.rows * columns)
        for row in 0..<tensor.rows {
            let from = tensor.pointer + row * tensor.columns + offset
            (copy.pointer + row * columns).update(from: from, count: columns)
        }
        return copy
    }
}
