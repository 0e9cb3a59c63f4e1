import CVectorMath
import Compute

extension Pass {
    /// Puts the same rows into every sequence: before its tokens, or after as many as the layout says.
    ///
    /// - `tokens`: (tokens, width), without such rows; `first`: (layout.leading, width).
    /// - Result: (rows of the layout, width). These rows' gradient is the sum over the sequences, in order.
    func lead(_ tokens: Tensor, by first: Tensor) -> Tensor {
        let (columns, count, layout) = (tokens.columns, layout.leading, layout)
        precondition(
            first.rows == count && first.columns == columns
                && tokens.rows + layout.sequenceCount * count == layout.rowCount,
            "\(first.rows) × \(first.columns) before \(tokens.rows) × \(columns) of \(layout.rowCount) rows")
        let out = Buffer(count: layout.rowCount * columns)
        // Values of the tokens that stand before the rows.
        let ahead = layout.tokensBeforeLeading * columns
        var token = 0
        for sequence in 0..<layout.sequenceCount {
            let rows = layout.rows(of: sequence)
            let own = rows.count - count
            let start = out.pointer + rows.lowerBound * columns
            let begin = tokens.pointer + token * columns
            start.update(from: begin, count: ahead)
            (start + ahead).update(from: first.pointer, count: count * columns)
            (start + ahead + count * columns).update(from: begin + ahead, count: own * columns - ahead)
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
                if let target { lk_add(target.pointer, start + ahead, count * columns) }
                if let below {
                    let begin = below.pointer + token * columns
                    lk_add(begin, start, ahead)
                    lk_add(begin + ahead, start + ahead + count * columns, own * columns - ahead)
                }
                token += own
            }
        }
    }
}
