import Compute

extension Pass {
    /// Each column times a number of its own: `y[t, c] = x[t, c] · factors[c]`.
    ///
    /// - `x`: (tokens, width); `factors`: width numbers. Result: as `x`.
    package func scale(_ x: Tensor, by factors: Parameter) -> Tensor {
        let factors = current(factors)
        let (rows, columns) = (x.rows, x.columns)
        precondition(
            factors.count == columns, "\(factors.name): \(factors.count) factors of \(columns) columns")
        let out = Buffer(count: rows * columns)
        let values = factors.dense()
        split(rows, grain: 128) { range in
            for row in range {
                multiply(
                    x.pointer + row * columns, values.pointer, into: out.pointer + row * columns, columns)
            }
        }
        let (slot, factorSlot) = (x.slot, self.slot(for: factors))
        let kept = factorSlot == nil ? nil : x.kept
        return record(
            rows: rows, columns: columns, buffer: out, isTracked: slot != nil || factorSlot != nil,
            isDisposable: true
        ) { [unowned self] gradient in
            // dl = sum over tokens of g ∘ x, in their order; dx = g ∘ l.
            if let factorSlot, let kept {
                // Made anew, perhaps, and nobody else's: it must outlive the loop.
                let inputs = kept()
                withExtendedLifetime(inputs) {
                    let (target, x) = (factorSlot.zeroedTarget().pointer, inputs.pointer)
                    for row in 0..<rows {
                        for column in 0..<columns {
                            target[column] +=
                                gradient.pointer[row * columns + column] * x[row * columns + column]
                        }
                    }
                }
            }
            guard let slot else { return }
            let below = Buffer(count: rows * columns)
            split(rows, grain: 128) { range in
                for row in range {
                    multiply(
                        gradient.pointer + row * columns, values.pointer, into: below.pointer + row * columns,
                        columns)
                }
            }
            slot.add(below)
        }
    }
}

private func multiply(
    _ x: UnsafePointer<Float>, _ factors: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>,
    _ columns: Int
) {
    for column in 0..<columns { out[column] = x[column] * factors[column] }
}
