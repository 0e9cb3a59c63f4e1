import CVectorMath
import Compute

extension Pass {
    /// Layer norm: `(x - mean) / sqrt(variance + epsilon) * weight + bias` (Ba et al. 2016).
    ///
    /// - `x`: (tokens, width); `weight`, `bias`: (width); result as `x`.
    package func layerNorm(_ x: Tensor, weight: Parameter, bias: Parameter, epsilon: Float) -> Tensor {
        let (rows, columns) = (x.rows, x.columns)
        let (weight, bias) = (current(weight), current(bias))
        precondition(
            weight.count == columns && bias.count == columns,
            "\(weight.name): \(weight.count) and \(bias.count) values for \(columns) columns")
        let mean = Buffer(count: rows)
        let inverse = Buffer(count: rows)
        let (w, b) = (weight.dense(), bias.dense())
        let kept = x.buffer
        let normalise = { [unowned self] in
            let out = Buffer(count: rows * columns)
            split(rows, grain: 128) { range in
                let start = range.lowerBound * columns
                lk_layer_norm(
                    out.pointer + start, mean.pointer + range.lowerBound,
                    inverse.pointer + range.lowerBound, kept.pointer + start, w.pointer, b.pointer, epsilon,
                    range.count, columns)
            }
            return out
        }
        let (slot, weightSlot, biasSlot) = (x.slot, self.slot(for: weight), self.slot(for: bias))
        let isTracked = slot != nil || weightSlot != nil || biasSlot != nil
        return record(
            rows: rows, columns: columns, buffer: normalise(), isTracked: isTracked, remake: normalise
        ) { [unowned self] gradient in
            if weightSlot != nil || biasSlot != nil {
                let unused = Buffer(zeros: columns)
                lk_layer_norm_weights(
                    (weightSlot?.zeroedTarget() ?? unused).pointer,
                    (biasSlot?.zeroedTarget() ?? unused).pointer, gradient.pointer, kept.pointer,
                    mean.pointer, inverse.pointer, rows, columns)
            }
            guard let slot else { return }
            let (target, isFresh) = slot.target()
            split(rows, grain: 128) { range in
                let start = range.lowerBound * columns
                lk_layer_norm_backward(
                    target.pointer + start, isFresh ? 0 : 1, gradient.pointer + start, kept.pointer + start,
                    mean.pointer + range.lowerBound, inverse.pointer + range.lowerBound, w.pointer,
                    range.count, columns)
            }
        }
    }

    /// Root-mean-square norm: `x / sqrt(mean(x²) + epsilon) * weight` (Zhang & Sennrich 2019).
    ///
    /// - `x`: (tokens, width); `weight`: (width); result as `x`.
    package func rmsNorm(_ x: Tensor, weight: Parameter, epsilon: Float) -> Tensor {
        let (rows, columns) = (x.rows, x.columns)
        let weight = current(weight)
        precondition(weight.count == columns, "\(weight.name): \(weight.count) values for \(columns) columns")
        let inverse = Buffer(count: rows)
        let w = weight.dense()
        let kept = x.buffer
        let normalise = { [unowned self] in
            let out = Buffer(count: rows * columns)
            split(rows, grain: 128) { range in
                let start = range.lowerBound * columns
                lk_rms_norm(
                    out.pointer + start, inverse.pointer + range.lowerBound, kept.pointer + start, w.pointer,
                    epsilon, range.count, columns)
            }
            return out
        }
        let (slot, weightSlot) = (x.slot, self.slot(for: weight))
        return record(
            rows: rows, columns: columns, buffer: normalise(),
            isTracked: slot != nil || weightSlot != nil, remake: normalise
        ) { [unowned self] gradient in
            if let weightSlot {
                lk_rms_norm_weights(
                    weightSlot.zeroedTarget().pointer, gradient.pointer, kept.pointer, inverse.pointer, rows,
                    columns)
            }
            guard let slot else { return }
            let (target, isFresh) = slot.target()
            split(rows, grain: 128) { range in
                let start = range.lowerBound * columns
                lk_rms_norm_backward(
                    target.pointer + start, isFresh ? 0 : 1, gradient.pointer + start, kept.pointer + start,
                    inverse.pointer + range.lowerBound, w.pointer, range.count, columns)
            }
        }
    }
}
