import CVectorMath
import Compute

extension Pass {
    /// Representation finetuning: some rows are moved within the few directions that `directions` spans
    /// (Wu et al. 2024).
    ///
    /// With R the directions: `h + (W·h + b − R·h)·Rᵀ` (LoReFT), without `− R·h` DiReFT; where R has a bias `c`, it
    /// is taken away with `R·h`. Dropout acts on the whole of what a moved row becomes.
    ///
    /// - `h`: (tokens, width); result: the same, written over `h` where that is disposable.
    /// - `rows`: those that are moved, each once.
    /// - `isIntermediate`: whether nobody but the next operation reads the result.
    package func intervene(
        _ h: Tensor, at rows: [Int], by own: Intervention, dropout p: Float, isIntermediate: Bool = false
    ) -> Tensor {
        let (count, width, rank) = (rows.count, h.columns, own.rank)
        precondition(
            own.source.shape == [rank, width] && own.directions.count == rank * width,
            "\(own.source.name): \(own.source.shape), \(own.directions.shape) for rows of \(width)")
        guard count > 0 else { return h }
        let x = gathered(h.buffer, rows, width)
        let (z, moved) = moved(x, count: count, by: own)
        let drops = isTraining && p > 0
        let salt = drops ? salt(at: own.site) : 0
        let keys = drops ? rows.map { layout.keys[$0] } : []
        if drops { drop(moved, keys: keys, salt: salt, p: p, columns: width) }
        let out = h.isDisposable ? h.buffer : h.buffer.copy()
        scatter(moved, rows, width, into: out)
        let slots = Slots(
            h: h.slot, directions: slot(for: own.directions),
            directionBias: own.directionBias.flatMap { slot(for: $0) }, source: slot(for: own.source),
            bias: slot(for: own.bias))
        return record(
            rows: h.rows, columns: width, buffer: out, isTracked: slots.isTracked,
            isDisposable: isIntermediate, writesOver: slots.h != nil
        ) { [unowned self] gradient in
            let own = own
            let g = gathered(gradient, rows, width)
            if drops { drop(g, keys: keys, salt: salt, p: p, columns: width) }
            // With y = x + z·Rᵀ: dz = g·R.
            let dz = Buffer(count: count * rank)
            let directions = own.directions.dense().pointer
            BLAS.multiplyRows(
                g.pointer, stride: width, by: directions, stride: own.isTall ? rank : width,
                byTransposed: !own.isTall, into: dz.pointer, stride: rank, m: count, n: rank, k: width)
            addParameterGradients(slots, own, x: x, z: z, g: g, dz: dz, count: count)
            guard let slot = slots.h else { return }
            // dx = g + dz·W − dz·Rᵀ; the other rows' gradients pass as they are.
            BLAS.multiplyRows(
                dz.pointer, stride: rank, by: own.source.dense().pointer, stride: width, into: g.pointer,
                stride: width, m: count, n: width, k: rank, adds: true)
            if own.isRelative {
                BLAS.multiplyRows(
                    dz.pointer, stride: rank, by: directions, stride: own.isTall ? rank : width,
                    byTransposed: own.isTall, into: g.pointer, stride: width, m: count, n: width, k: rank,
                    alpha: -1, adds: true)
            }
            scatter(g, rows, width, into: gradient)
            slot.add(gradient)
        }
    }

    private struct Slots {
        let h, directions, directionBias, source, bias: GradientSlot?
        var isTracked: Bool {
            h != nil || directions != nil || directionBias != nil || source != nil || bias != nil
        }
    }

    /// `z = W·x + b − (R·x + c)`, (count, rank), and `x + z·Rᵀ`, (count, width).
    private func moved(_ x: Buffer, count: Int, by own: Intervention) -> (z: Buffer, moved: Buffer) {
        let (width, rank) = (own.width, own.rank)
        let (z, moved) = (Buffer(count: count * rank), x.copy())
        let directions = own.directions.dense().pointer
        lk_fill_rows(z.pointer, own.bias.dense().pointer, count, rank)
        BLAS.multiplyRows(
            x.pointer, stride: width, by: own.source.dense().pointer, stride: width, byTransposed: true,
            into: z.pointer, stride: rank, m: count, n: rank, k: width, adds: true)
        if own.isRelative {
            BLAS.multiplyRows(
                x.pointer, stride: width, by: directions, stride: own.isTall ? rank : width,
                byTransposed: !own.isTall, into: z.pointer, stride: rank, m: count, n: rank, k: width,
                alpha: -1, adds: true)
            if let bias = own.directionBias?.dense() {
                for row in 0..<count { lk_add_scaled(z.pointer + row * rank, bias.pointer, -1, rank) }
            }
        }
        BLAS.multiplyRows(
            z.pointer, stride: rank, by: directions, stride: own.isTall ? rank : width,
            byTransposed: own.isTall, into: moved.pointer, stride: width, m: count, n: width, k: rank,
            adds: true)
        return (z, moved)
    }

    /// dW = dzᵀ·x, db = Σdz, dc = −Σdz, dR = gᵀ·z − xᵀ·dz.
    private func addParameterGradients(
        _ slots: Slots, _ own: Intervention, x: Buffer, z: Buffer, g: Buffer, dz: Buffer, count: Int
    ) {
        let (width, rank) = (own.width, own.rank)
        if let slot = slots.source {
            let (target, isFresh) = slot.target()
            BLAS.multiply(
                dz.pointer, stride: rank, transposed: true, by: x.pointer, stride: width,
                into: target.pointer, stride: width, m: rank, n: width, k: count, beta: isFresh ? 0 : 1)
        }
        if let slot = slots.bias { lk_sum_columns(slot.zeroedTarget().pointer, dz.pointer, count, rank) }
        if let slot = slots.directionBias {
            let sum = Buffer(zeros: rank)
            lk_sum_columns(sum.pointer, dz.pointer, count, rank)
            lk_add_scaled(slot.zeroedTarget().pointer, sum.pointer, -1, rank)
        }
        guard let slot = slots.directions else { return }
        let (target, isFresh) = slot.target()
        /// Adds `factor` times the product of both, the way round in which the directions lie.
        func add(wide: Buffer, narrow: Buffer, factor: Float, beta: Float) {
            if own.isTall {
                BLAS.multiply(
                    wide.pointer, stride: width, transposed: true, by: narrow.pointer, stride: rank,
                    into: target.pointer, stride: rank, m: width, n: rank, k: count, alpha: factor, beta: beta
                )
            } else {
                BLAS.multiply(
                    narrow.pointer, stride: rank, transposed: true, by: wide.pointer, stride: width,
                    into: target.pointer, stride: width, m: rank, n: width, k: count, alpha: factor,
                    beta: beta)
            }
        }
        add(wide: g, narrow: z, factor: 1, beta: isFresh ? 0 : 1)
        if own.isRelative { add(wide: x, narrow: dz, factor: -1, beta: 1) }
    }

    private func gathered(_ values: Buffer, _ rows: [Int], _ columns: Int) -> Buffer {
        let out = Buffer(count: rows.count * columns)
        for (index, row) in rows.enumerated() {
            (out.pointer + index * columns).update(from: values.pointer + row * columns, count: columns)
        }
        return out
    }

    private func scatter(_ values: Buffer, _ rows: [Int], _ columns: Int, into out: Buffer) {
        for (index, row) in rows.enumerated() {
            (out.pointer + row * columns).update(from: values.pointer + index * columns, count: columns)
        }
    }

    /// Of rows that are gathered: the same elements for the same salt.
    private func drop(_ values: Buffer, keys: [UInt32], salt: UInt32, p: Float, columns: Int) {
        keys.withUnsafeBufferPointer { keys in
            guard let start = keys.baseAddress else { return }
            lk_dropout(values.pointer, values.pointer, start, salt, p, keys.count, columns)
        }
    }
}
