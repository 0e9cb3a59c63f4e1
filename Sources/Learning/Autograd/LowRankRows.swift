import CVectorMath
import Compute

extension Pass {
    /// A low-rank change of a table's rows: `rows[t] + scale · B·A[:, ids[t]]`, added over the rows' memory.
    ///
    /// - `rows`: (tokens, width), fresh from the table; `a`: (r, table's rows); `b`: (width, r). Result: as `rows`.
    package func addLowRankRows(
        to rows: Tensor, of ids: [Int32], a: Parameter, b: Parameter, scale: Float
    ) -> Tensor {
        let (count, width, rank, tokens) = (ids.count, rows.columns, a.rows, a.columns)
        precondition(
            rows.rows == count && b.shape == [width, rank] && ids.allSatisfy { $0 >= 0 && Int($0) < tokens },
            "\(a.name): \(a.shape), \(b.shape) for \(rows.rows) × \(width)")
        let out = rows.isDisposable ? rows.buffer : rows.buffer.copy()
        let z = Buffer(count: count * rank)
        let (aValues, bValues) = (a.dense(), b.dense())
        for (row, id) in ids.enumerated() {
            for index in 0..<rank {
                z.pointer[row * rank + index] = aValues.pointer[index * tokens + Int(id)]
            }
        }
        split(count, grain: 384) { range in
            BLAS.multiplyRows(
                z.pointer + range.lowerBound * rank, stride: rank, by: bValues.pointer, stride: rank,
                byTransposed: true, into: out.pointer + range.lowerBound * width, stride: width,
                m: range.count, n: width, k: rank, alpha: scale, adds: true)
        }
        let slots = (rows: rows.slot, a: slot(for: a), b: slot(for: b))
        let isTracked = slots.rows != nil || slots.a != nil || slots.b != nil
        return record(rows: count, columns: width, buffer: out, isTracked: isTracked, isDisposable: true) {
            gradient in
            // With z = A[:, ids]ᵀ: dB = s·gᵀ·z, dz = s·g·B, dA[:, id] += dz.
            if let slot = slots.b {
                let (target, isFresh) = slot.target()
                BLAS.multiply(
                    gradient.pointer, stride: width, transposed: true, by: z.pointer, stride: rank,
                    into: target.pointer, stride: rank, m: width, n: rank, k: count, alpha: scale,
                    beta: isFresh ? 0 : 1)
            }
            if let slot = slots.a {
                let dz = Buffer(count: count * rank)
                BLAS.multiplyRows(
                    gradient.pointer, stride: width, by: bValues.pointer, stride: rank, into: dz.pointer,
                    stride: rank, m: count, n: rank, k: width, alpha: scale)
                let target = slot.zeroedTarget().pointer
                for (row, id) in ids.enumerated() {
                    for index in 0..<rank {
                        target[index * tokens + Int(id)] += dz.pointer[row * rank + index]
                    }
                }
            }
            slots.rows?.add(gradient)
        }
    }
}
