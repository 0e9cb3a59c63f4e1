import CVectorMath
import Compute

extension Pass {
    /// Puts the same rows before the tokens of every sequence.
    ///
    /// - `tokens`: (tokens, width), without such rows; `first`: (layout.leading, width).
    /// - Result: (rows of the layout, width). The first rows' gradient is the sum over the sequences, in order.
    func lead(_ tokens: Tensor, by first: Tensor) -> Tensor {
        let (columns, count, layout) = (tokens.columns, layout.leading, layout)
        precondition(
            first.rows == count && first.columns == columns
                && tokens.rows + layout.sequenceCount * count == layout.rowCount,
            "\(first.rows) × \(first.columns) before \(tokens.rows) × \(columns) of \(layout.rowCount) rows")
        let out = Buffer(count: layout.rowCount * columns)
        var token = 0
        for sequence in 0..<layout.sequenceCount {
            let rows = layout.rows(of: sequence)
            let own = rows.count - count
            let start = out.pointer + rows.lowerBound * columns
            start.update(from: first.pointer, count: count * columns)
            (start + count * columns).update(from: tokens.pointer + token * columns, count: own * columns)
            token += own
        }
        let slots = (tokens: tokens.slot, first: first.slot)
        return record(
            rows: layout.rowCount, columns: columns, buffer: out,
            isTracked: slots.tokens != nil || slots.first != nil, isDisposable: true
        ) { gradient in
            let target = slots.first?.zeroedTarget()
            let below = slots.tokens?.zeroedTarget()
            var token = 0
            for sequence in 0..<layout.sequenceCount {
                let rows = layout.rows(of: sequence)
                let own = rows.count - count
                let start = gradient.pointer + rows.lowerBound * columns
                if let target { lk_add(target.pointer, start, count * columns) }
                if let below {
                    lk_add(below.pointer + token * columns, start + count * columns, own * columns)
                }
                token += own
            }
        }
    }
}
