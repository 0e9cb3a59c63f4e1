import CVectorMath
import Compute

extension Pass {
    /// Some rows of a matrix in the place of what it has there.
    ///
    /// - `x`: (tokens, width), fresh from its table; `rows`: (n, width); `places`: for each token a row of `rows`, nil
    ///   where it keeps its own. Result: as `x`.
    package func replaceRows(of x: Tensor, by rows: Parameter, at places: [Int?]) -> Tensor {
        let width = x.columns
        precondition(
            places.count == x.rows && rows.columns == width,
            "\(rows.name): \(places.count) places in \(x.rows) × \(width)")
        let out = x.isDisposable ? x.buffer : x.buffer.copy()
        let own = rows.dense()
        for (row, place) in places.enumerated() {
            guard let place else { continue }
            (out.pointer + row * width).update(from: own.pointer + place * width, count: width)
        }
        let slots = (x: x.slot, rows: slot(for: rows))
        return record(
            rows: x.rows, columns: width, buffer: out, isTracked: slots.x != nil || slots.rows != nil,
            isDisposable: true
        ) { gradient in
            if let slot = slots.rows {
                let target = slot.zeroedTarget().pointer
                for (row, place) in places.enumerated() {
                    guard let place else { continue }
                    lk_add(target + place * width, gradient.pointer + row * width, width)
                }
            }
            guard let slot = slots.x else { return }
            let below = gradient.copy()
            for (row, place) in places.enumerated() where place != nil {
                (below.pointer + row * width).update(repeating: 0, count: width)
            }
            slot.add(below)
        }
    }

    /// A product with some rows of a table replaced: columns of `y = x·tableᵀ` with those rows in place of its own.
    ///
    /// - `y`: (tokens, table's rows), fresh from its layer; `x`: (tokens, width); `rows`: (n, width), in the place of
    ///   the table's rows `ids`. Result: as `y`. The table itself is not trained.
    package func replaceColumns(
        of y: Tensor, from x: Tensor, by rows: Parameter, table: Parameter, at ids: [Int]
    ) -> Tensor {
        let (tokens, width, outputs, count) = (x.rows, x.columns, y.columns, ids.count)
        precondition(
            y.rows == tokens && rows.shape == [count, width] && table.columns == width,
            "\(rows.name): \(rows.shape) of \(table.shape) for \(tokens) × \(width)")
        // What the rows are more than the table's.
        let change = rows.dense().copy()
        let scratch = Buffer(count: width)
        let current = current(table)
        for (place, id) in ids.enumerated() {
            current.withRows(id..<id + 1, scratch: scratch) { row in
                for column in 0..<width { change.pointer[place * width + column] -= row[column] }
            }
        }
        let out = y.isDisposable ? y.buffer : y.buffer.copy()
        let added = Buffer(count: tokens * count)
        BLAS.multiplyRows(
            x.pointer, stride: width, by: change.pointer, stride: width, byTransposed: true,
            into: added.pointer, stride: count, m: tokens, n: count, k: width)
        for token in 0..<tokens {
            for (place, id) in ids.enumerated() {
                out.pointer[token * outputs + id] += added.pointer[token * count + place]
            }
        }
        let slots = (x: x.slot, y: y.slot, rows: slot(for: rows))
        let kept = slots.rows == nil ? nil : x.kept
        let isTracked = slots.x != nil || slots.y != nil || slots.rows != nil
        return record(rows: tokens, columns: outputs, buffer: out, isTracked: isTracked, isDisposable: true) {
            gradient in
            // With g the gradient's columns of these ids: dx += g·change, drows += gᵀ·x.
            let own = Buffer(count: tokens * count)
            for token in 0..<tokens {
                for (place, id) in ids.enumerated() {
                    own.pointer[token * count + place] = gradient.pointer[token * outputs + id]
                }
            }
            if let slot = slots.rows, let kept {
                let (inputs, (target, isFresh)) = (kept(), slot.target())
                withExtendedLifetime(inputs) {
                    BLAS.multiply(
                        own.pointer, stride: count, transposed: true, by: inputs.pointer, stride: width,
                        into: target.pointer, stride: width, m: count, n: width, k: tokens,
                        beta: isFresh ? 0 : 1)
                }
            }
            if let slot = slots.x {
                let (target, isFresh) = slot.target()
                BLAS.multiplyRows(
                    own.pointer, stride: count, by: change.pointer, stride: width, into: target.pointer,
                    stride: width, m: tokens, n: width, k: count, adds: !isFresh)
            }
            slots.y?.add(gradient)
        }
    }
}
