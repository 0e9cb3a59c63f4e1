import CVectorMath
import Compute

extension Pass {
    /// Rows of a table by number, one a token: (tokens, width).
    ///
    /// - `ids`: each below the table's rows; whoever made the batch has refused others by name.
    package func embed(_ ids: [Int32], table: Parameter) -> Tensor {
        let table = current(table)
        let columns = table.columns
        if let bad = ids.first(where: { $0 < 0 || Int($0) >= table.rows }) {
            preconditionFailure("\(table.name): row \(bad) of \(table.rows)")
        }
        let out = Buffer(count: ids.count * columns)
        let scratch = Buffer(count: columns)
        for (row, id) in ids.enumerated() {
            table.withRows(Int(id)..<Int(id) + 1, scratch: scratch) { values in
                (out.pointer + row * columns).update(from: values, count: columns)
            }
        }
        let slot = slot(for: table)
        return record(
            rows: ids.count, columns: columns, buffer: out, isTracked: slot != nil, isDisposable: true
        ) { gradient in
            guard let slot else { return }
            let target = slot.zeroedTarget()
            for (row, id) in ids.enumerated() {
                lk_add(target.pointer + Int(id) * columns, gradient.pointer + row * columns, columns)
            }
        }
    }

    /// What every token begins as: its row of the words' table as the tuning has it, after the tuning's rows of
    /// each sequence; (rows of the layout, width).
    ///
    /// - `ids`: one a token, without the rows that the tuning puts first.
    package func words(_ ids: [Int32], table: Parameter) -> Tensor {
        let tokens = addNoise(
            to: tuning?.tables[table.name]?.rows(ids, of: table, self) ?? embed(ids, table: table))
        guard layout.leading > 0, let leading = tuning?.leading else { return tokens }
        return lead(tokens, by: leading.rows(self))
    }

    /// Some rows of a matrix, in the given order: (indices, width).
    package func gather(_ x: Tensor, rows indices: [Int]) -> Tensor {
        let columns = x.columns
        if let bad = indices.first(where: { $0 < 0 || $0 >= x.rows }) {
            preconditionFailure("gather: row \(bad) of \(x.rows)")
        }
        let out = Buffer(count: indices.count * columns)
        for (row, index) in indices.enumerated() {
            (out.pointer + row * columns).update(from: x.pointer + index * columns, count: columns)
        }
        let slot = x.slot
        return record(
            rows: indices.count, columns: columns, buffer: out, isTracked: slot != nil, isDisposable: true
        ) { gradient in
            guard let slot else { return }
            let target = slot.zeroedTarget()
            for (row, index) in indices.enumerated() {
                lk_add(target.pointer + index * columns, gradient.pointer + row * columns, columns)
            }
        }
    }
}
