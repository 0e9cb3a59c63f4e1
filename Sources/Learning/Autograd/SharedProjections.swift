import CVectorMath
import Compute

extension Pass {
    /// VeRA: `y + λb ∘ B·(λd ∘ A·dropout(x))`, added over `y`'s memory (Kopiczko et al. 2024).
    ///
    /// - `x`: (tokens, in); `y`: (tokens, out), fresh from its linear layer. Result: as `y`.
    /// - `a`: (r, in or more), of which the first columns are used; `b`: (out or more, r), of which the first rows
    ///   are. Neither is trained.
    /// - `d`: λd, r numbers; `scale`: λb, out numbers.
    package func addSharedProjections(
        to y: Tensor, from x: Tensor, a: Parameter, b: Parameter, d: Parameter, scale: Parameter,
        dropout p: Float, at site: RandomSite
    ) -> Tensor {
        let (rows, inputs, outputs, rank, width) = (x.rows, x.columns, y.columns, a.rows, a.columns)
        precondition(
            y.rows == rows && width >= inputs && b.rows >= outputs && b.columns == rank && d.count == rank
                && scale.count == outputs,
            "\(d.name): \(a.shape), \(b.shape) for \(rows) × \(inputs) to \(y.rows) × \(outputs)")
        let drops = isTraining && p > 0
        let (salt, keys) = drops ? (salt(at: site), dropoutKeys(of: rows)) : (0, [])
        let input = drops ? dropped(x.buffer, keys: keys, columns: inputs, p: p, salt: salt) : x.buffer
        let out = y.isDisposable ? y.buffer : y.buffer.copy()
        let (z, scaled, change) = (
            Buffer(count: rows * rank), Buffer(count: rows * rank), Buffer(count: rows * outputs)
        )
        let (aValues, bValues, dValues, scales) = (a.dense(), b.dense(), d.dense(), scale.dense())
        split(rows, grain: 384) { range in
            let (first, count) = (range.lowerBound, range.count)
            BLAS.multiplyRows(
                input.pointer + first * inputs, stride: inputs, by: aValues.pointer, stride: width,
                byTransposed: true, into: z.pointer + first * rank, stride: rank, m: count, n: rank, k: inputs
            )
            multiplyColumns(z, dValues, into: scaled, rows: range, columns: rank)
            BLAS.multiplyRows(
                scaled.pointer + first * rank, stride: rank, by: bValues.pointer, stride: rank,
                byTransposed: true, into: change.pointer + first * outputs, stride: outputs,
                m: count, n: outputs, k: rank)
            multiplyColumns(change, scales, into: change, rows: range, columns: outputs)
            lk_add(out.pointer + first * outputs, change.pointer + first * outputs, count * outputs)
        }
        let slots = (x: x.slot, y: y.slot, d: slot(for: d), scale: slot(for: scale))
        let isTracked = slots.x != nil || slots.y != nil || slots.d != nil || slots.scale != nil
        return record(rows: rows, columns: outputs, buffer: out, isTracked: isTracked, isDisposable: true) {
            [unowned self] gradient in
            // With z = A·drop(x), u = λd ∘ z: dλb = rowsums of B ∘ (gᵀ·u), du = (λb ∘ g)·B, dλd = sum of du ∘ z.
            if let slot = slots.scale {
                let product = Buffer(count: outputs * rank)
                BLAS.multiply(
                    gradient.pointer, stride: outputs, transposed: true, by: scaled.pointer, stride: rank,
                    into: product.pointer, stride: rank, m: outputs, n: rank, k: rows)
                let target = slot.zeroedTarget().pointer
                for output in 0..<outputs {
                    var sum: Float = 0
                    for index in output * rank..<(output + 1) * rank {
                        sum += bValues.pointer[index] * product.pointer[index]
                    }
                    target[output] += sum
                }
            }
            guard slots.d != nil || slots.x != nil else {
                slots.y?.add(gradient)
                return
            }
            let (weighted, below) = (Buffer(count: rows * outputs), Buffer(count: rows * rank))
            split(rows, grain: 384) { range in
                multiplyColumns(gradient, scales, into: weighted, rows: range, columns: outputs)
                BLAS.multiplyRows(
                    weighted.pointer + range.lowerBound * outputs, stride: outputs, by: bValues.pointer,
                    stride: rank, into: below.pointer + range.lowerBound * rank, stride: rank,
                    m: range.count, n: rank, k: outputs)
            }
            if let slot = slots.d {
                let target = slot.zeroedTarget().pointer
                for row in 0..<rows {
                    for index in 0..<rank {
                        target[index] += below.pointer[row * rank + index] * z.pointer[row * rank + index]
                    }
                }
            }
            if let slot = slots.x {
                let plain = Buffer(count: rows * inputs)
                split(rows, grain: 384) { range in
                    multiplyColumns(below, dValues, into: below, rows: range, columns: rank)
                    BLAS.multiplyRows(
                        below.pointer + range.lowerBound * rank, stride: rank, by: aValues.pointer,
                        stride: width, into: plain.pointer + range.lowerBound * inputs, stride: inputs,
                        m: range.count, n: inputs, k: rank)
                }
                slot.add(drops ? dropped(plain, keys: keys, columns: inputs, p: p, salt: salt) : plain)
            }
            slots.y?.add(gradient)
        }
    }
}

/// Each column times a number of its own, over some of the rows.
private func multiplyColumns(
    _ x: Buffer, _ factors: Buffer, into out: Buffer, rows: Range<Int>, columns: Int
) {
    let (from, to, values) = (x.pointer, out.pointer, factors.pointer)
    for row in rows {
        for column in 0..<columns {
            to[row * columns + column] = from[row * columns + column] * values[column]
        }
    }
}
