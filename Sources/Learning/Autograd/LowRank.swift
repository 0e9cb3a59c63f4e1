import CVectorMath
import Compute

extension Pass {
    /// LoRA: `y + scale · B(A(dropout(x)))`, added over `y`'s memory (Hu et al. 2021).
    ///
    /// - `x`: (tokens, in); `y`: (tokens, out), fresh from its linear layer; `a`: (r, in);
    ///   `b`: (changed, r). Result: as `y`.
    /// - `offset`: the first column of `y` that is changed; `b.rows` of them are.
    package func addLowRank(
        to y: Tensor, from x: Tensor, a: Parameter, b: Parameter, scale: Float, dropout p: Float,
        at site: RandomSite, offset: Int = 0
    ) -> Tensor {
        let (rows, inputs, outputs, rank, changed) = (x.rows, x.columns, y.columns, a.rows, b.rows)
        precondition(
            y.rows == rows && a.shape == [rank, inputs] && b.shape == [changed, rank] && offset >= 0
                && offset + changed <= outputs,
            "\(a.name): \(a.shape), \(b.shape) for \(rows) × \(inputs) to \(y.rows) × \(outputs) from \(offset) on"
        )
        let drops = isTraining && p > 0
        let (salt, keys) = drops ? (salt(at: site), dropoutKeys(of: rows)) : (0, [])
        let input = drops ? dropped(x.buffer, keys: keys, columns: inputs, p: p, salt: salt) : x.buffer
        let out = y.isDisposable ? y.buffer : y.buffer.copy()
        let z = Buffer(count: rows * rank)
        let (aValues, bValues) = (a.dense(), b.dense())
        split(rows, grain: 384) { range in
            BLAS.multiplyRows(
                input.pointer + range.lowerBound * inputs, stride: inputs, by: aValues.pointer,
                stride: inputs,
                byTransposed: true, into: z.pointer + range.lowerBound * rank, stride: rank,
                m: range.count, n: rank, k: inputs)
            BLAS.multiplyRows(
                z.pointer + range.lowerBound * rank, stride: rank, by: bValues.pointer, stride: rank,
                byTransposed: true, into: out.pointer + range.lowerBound * outputs + offset, stride: outputs,
                m: range.count, n: changed, k: rank, alpha: scale, adds: true)
        }
        let slots = (x: x.slot, y: y.slot, a: slot(for: a), b: slot(for: b))
        let isTracked = slots.x != nil || slots.y != nil || slots.a != nil || slots.b != nil
        let kept = slots.a == nil ? nil : x.kept
        return record(rows: rows, columns: outputs, buffer: out, isTracked: isTracked, isDisposable: true) {
            [unowned self] gradient in
            // With z = A·drop(x): dB = s·gᵀz, dz = s·g·B, dA = dzᵀ·drop(x), dx += drop(dz·A).
            if let slot = slots.b {
                let (target, isFresh) = slot.target()
                BLAS.multiply(
                    gradient.pointer + offset, stride: outputs, transposed: true, by: z.pointer, stride: rank,
                    into: target.pointer, stride: rank, m: changed, n: rank, k: rows, alpha: scale,
                    beta: isFresh ? 0 : 1)
            }
            let dz = Buffer(count: rows * rank)
            BLAS.multiplyRows(
                gradient.pointer + offset, stride: outputs, by: bValues.pointer, stride: rank,
                into: dz.pointer, stride: rank, m: rows, n: rank, k: changed, alpha: scale)
            if let slot = slots.a, let kept {
                let input = drops ? dropped(kept(), keys: keys, columns: inputs, p: p, salt: salt) : kept()
                let (target, isFresh) = slot.target()
                BLAS.multiply(
                    dz.pointer, stride: rank, transposed: true, by: input.pointer, stride: inputs,
                    into: target.pointer, stride: inputs, m: rank, n: inputs, k: rows,
                    beta: isFresh ? 0 : 1)
            }
            if let slot = slots.x {
                addInputGradient(
                    dz, aValues, to: slot, rows: rows, inputs: inputs, rank: rank,
                    dropout: drops ? (p, salt, keys) : nil)
            }
            slots.y?.add(gradient)
        }
    }

    private func addInputGradient(
        _ dz: Buffer, _ a: Buffer, to slot: GradientSlot, rows: Int, inputs: Int, rank: Int,
        dropout: (p: Float, salt: UInt32, keys: [UInt32])?
    ) {
        if let dropout {
            let plain = Buffer(count: rows * inputs)
            BLAS.multiplyRows(
                dz.pointer, stride: rank, by: a.pointer, stride: inputs, into: plain.pointer, stride: inputs,
                m: rows, n: inputs, k: rank)
            slot.add(dropped(plain, keys: dropout.keys, columns: inputs, p: dropout.p, salt: dropout.salt))
        } else {
            let (target, isFresh) = slot.target()
            BLAS.multiplyRows(
                dz.pointer, stride: rank, by: a.pointer, stride: inputs, into: target.pointer, stride: inputs,
                m: rows, n: inputs, k: rank, adds: !isFresh)
        }
    }
}
