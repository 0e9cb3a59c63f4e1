import CVectorMath
import Compute

extension Pass {
    /// What dropout at the same place takes away: `x − dropout(x)`; nothing is taken outside training.
    ///
    /// - `x`: (tokens, width). Result: as `x`.
    package func dropoutRest(_ x: Tensor, p: Float, at site: RandomSite) -> Tensor {
        let (rows, columns, salt, keys) = (x.rows, x.columns, salt(at: site), dropoutKeys(of: x.rows))
        func rest(_ values: Buffer) -> Buffer {
            let out = dropped(values, keys: keys, columns: columns, p: p, salt: salt)
            split(rows, grain: 128) { range in
                let start = range.lowerBound * columns
                let (to, from) = (out.pointer + start, values.pointer + start)
                for index in 0..<range.count * columns { to[index] = from[index] - to[index] }
            }
            return out
        }
        let slot = x.slot
        return record(rows: rows, columns: columns, buffer: rest(x.buffer), isTracked: slot != nil) {
            gradient in
            slot?.add(rest(gradient))
        }
    }

    /// Columns brought to lengths of their own: `y[t, c] = x[t, c] · magnitude[c] / norms[c] + rest[t, c] + bias[c]`
    /// (DoRA, Liu et al. 2024).
    ///
    /// - `x`, `rest`: (tokens, width); `magnitude`, `bias`: width numbers. Result: as `x`.
    /// - `norms`: width numbers, which the gradient takes for constants, as the publication does.
    package func rescale(
        _ x: Tensor, by magnitude: Parameter, over norms: Buffer, adding rest: Tensor? = nil,
        bias: Parameter? = nil
    ) -> Tensor {
        let (rows, columns, bias) = (x.rows, x.columns, bias.map(current))
        precondition(
            magnitude.count == columns && norms.count >= columns && rest.map { $0.count == x.count } ?? true
                && bias.map { $0.count == columns } ?? true,
            "\(magnitude.name): \(magnitude.count) magnitudes, \(norms.count) norms of \(columns) columns")
        let out = Buffer(count: rows * columns)
        let factors = Buffer(count: columns)
        let (magnitudes, added) = (magnitude.dense(), bias?.dense())
        for column in 0..<columns {
            // A row of zeros has no direction to give a length to.
            let norm = norms.pointer[column]
            factors.pointer[column] = norm > 0 ? magnitudes.pointer[column] / norm : 1
        }
        split(rows, grain: 128) { range in
            let (values, biases) = (factors.pointer, added?.pointer)
            for row in range {
                let (from, to) = (x.pointer + row * columns, out.pointer + row * columns)
                for column in 0..<columns { to[column] = from[column] * values[column] }
                if let biases { lk_add(to, biases, columns) }
                if let rest { lk_add(to, rest.pointer + row * columns, columns) }
            }
        }
        let slots = (
            x: x.slot, rest: rest?.slot, magnitude: slot(for: magnitude), bias: bias.flatMap { slot(for: $0) }
        )
        let isTracked = slots.x != nil || slots.rest != nil || slots.magnitude != nil || slots.bias != nil
        let kept = slots.magnitude == nil ? nil : x.kept
        // The buffer of norms is written anew before the next step; this pass divides by what it was.
        let divisors = slots.magnitude == nil ? nil : norms.copy()
        return record(rows: rows, columns: columns, buffer: out, isTracked: isTracked, isDisposable: true) {
            [unowned self] gradient in
            if let slot = slots.magnitude, let kept, let divisors {
                addMagnitudeGradient(gradient, kept(), divisors, to: slot, rows: rows, columns: columns)
            }
            if let slot = slots.bias {
                lk_sum_columns(slot.zeroedTarget().pointer, gradient.pointer, rows, columns)
            }
            slots.rest?.add(gradient)
            guard let slot = slots.x else { return }
            let below = Buffer(count: rows * columns)
            split(rows, grain: 128) { range in
                let values = factors.pointer
                for row in range {
                    let (from, to) = (gradient.pointer + row * columns, below.pointer + row * columns)
                    for column in 0..<columns { to[column] = from[column] * values[column] }
                }
            }
            slot.add(below)
        }
    }

    /// `sum over tokens of g ∘ x / norms`, in the tokens' order.
    private func addMagnitudeGradient(
        _ gradient: Buffer, _ x: Buffer, _ norms: Buffer, to slot: GradientSlot, rows: Int, columns: Int
    ) {
        let sums = Buffer(zeros: columns)
        withExtendedLifetime(x) {
            let (to, values, gradients) = (sums.pointer, x.pointer, gradient.pointer)
            for row in 0..<rows {
                let start = row * columns
                for column in 0..<columns {
                    to[column] += gradients[start + column] * values[start + column]
                }
            }
        }
        let target = slot.zeroedTarget().pointer
        for column in 0..<columns where norms.pointer[column] > 0 {
            target[column] += sums.pointer[column] / norms.pointer[column]
        }
    }
}
