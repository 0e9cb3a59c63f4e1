import CVectorMath
import Compute

extension Pass {
    /// Zeroes each element with chance `p` and divides the rest by 1 - p; nothing outside training.
    ///
    /// Which elements depends on seed, step, site and the example, not on the batch around it.
    package func dropout(_ x: Tensor, p: Float, at site: RandomSite) -> Tensor {
        guard isTraining, p > 0 else { return x }
        let (salt, keys) = (salt(at: site), dropoutKeys(of: x.rows))
        let out = dropped(x.buffer, keys: keys, columns: x.columns, p: p, salt: salt)
        let (rows, columns, slot) = (x.rows, x.columns, x.slot)
        return record(rows: rows, columns: columns, buffer: out, isTracked: slot != nil) {
            [unowned self] gradient in
            slot?.add(dropped(gradient, keys: keys, columns: columns, p: p, salt: salt))
        }
    }

    /// What the embeddings give, or a part of a block adds to it, with the tuning's hidden dropout.
    ///
    /// - `place`: of the model's, and no other's.
    package func dropHidden(_ x: Tensor, at place: @autoclosure () -> String) -> Tensor {
        guard isTraining, let p = tuning?.dropout.hidden, p > 0 else { return x }
        return dropout(x, p: p, at: RandomSite(place()))
    }

    /// What tells each row of a matrix from others: rows are those that were chosen, if any were, else tokens of the
    /// layout; a matrix with a row a sequence takes its first token's.
    func dropoutKeys(of rows: Int) -> [UInt32] {
        if let chosenRows, chosenRows.count == rows { return chosenRows.map { layout.keys[$0] } }
        let keys = rows == layout.rowCount ? layout.keys : layout.starts.dropLast().map { layout.keys[$0] }
        precondition(keys.count == rows, "dropout of \(rows) rows, \(keys.count) keys")
        return keys
    }

    /// The same elements dropped for the same salt: of values on the way up, of gradients down.
    ///
    /// - `keys`: one a row.
    func dropped(_ x: Buffer, keys: [UInt32], columns: Int, p: Float, salt: UInt32) -> Buffer {
        let rows = keys.count
        let out = Buffer(count: rows * columns)
        split(rows, grain: 128) { range in
            keys.withUnsafeBufferPointer { keys in
                guard let start = keys.baseAddress else { return }
                lk_dropout(
                    out.pointer + range.lowerBound * columns, x.pointer + range.lowerBound * columns,
                    start + range.lowerBound, salt, p, range.count, columns)
            }
        }
        return out
    }
}
