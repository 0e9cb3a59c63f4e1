import Compute
import Foundation

/// What a batch norm holds: two tensors that are trained, and the running statistics that stand in evaluation.
package struct BatchNorm: Sendable {
    /// (width)
    package let weight, bias: Parameter
    /// (width); never trained.
    package let runningMean, runningVariance: Parameter
    /// PyTorch's: added to the variance, and the share of a batch's statistics in the running ones.
    package static let epsilon = 1e-5
    package static let momentum = 0.1

    /// As PyTorch begins: weight 1, bias 0, running mean 0 and variance 1.
    package init(path: String, width: Int) {
        func filled(_ name: String, _ value: Float) -> Parameter {
            Parameter(
                name: "\(path).\(name)", shape: [width],
                buffer: Buffer([Float](repeating: value, count: width)))
        }
        (weight, bias) = (filled("weight", 1), filled("bias", 0))
        (runningMean, runningVariance) = (filled("running_mean", 0), filled("running_var", 1))
    }

    package var parameters: [Parameter] { [weight, bias] }
    package var buffers: [Parameter] { [runningMean, runningVariance] }
}

extension Pass {
    /// Batch norm over rows: `(x − mean) / sqrt(variance + epsilon) · weight + bias`, column by column (Ioffe &
    /// Szegedy 2015).
    ///
    /// In training by the rows' own mean and variance, and the running ones as they are to become are noted
    /// (`Pass.renewed`): whoever takes the step writes them. Else by the running ones, as PyTorch has it.
    ///
    /// - `x`: (rows, width), in training of 2 rows or more; result as `x`.
    package func batchNorm(_ x: Tensor, _ norm: BatchNorm) -> Tensor {
        let (rows, columns) = (x.rows, x.columns)
        let (weight, bias) = (current(norm.weight), current(norm.bias))
        precondition(weight.count == columns, "\(weight.name): \(weight.count) values for \(columns) columns")
        precondition(!isTraining || rows > 1, "a batch norm over \(rows) rows")
        let statistics = isTraining ? statistics(of: x) : running(norm)
        if isTraining { renew(norm, by: statistics, rows: rows) }
        let inverse = statistics.variance.map { Float(1 / ($0 + BatchNorm.epsilon).squareRoot()) }
        let (out, scaled) = (Buffer(count: rows * columns), Buffer(count: rows * columns))
        let (w, b) = (weight.dense(), bias.dense())
        for row in 0..<rows {
            for column in 0..<columns {
                let place = row * columns + column
                let value = Float(Double(x.pointer[place]) - statistics.mean[column]) * inverse[column]
                scaled.pointer[place] = value
                out.pointer[place] = value * w.pointer[column] + b.pointer[column]
            }
        }
        let (slot, weightSlot, biasSlot) = (x.slot, self.slot(for: weight), self.slot(for: bias))
        let isCoupled = isTraining
        return record(
            rows: rows, columns: columns, buffer: out,
            isTracked: slot != nil || weightSlot != nil || biasSlot != nil
        ) { gradient in
            // With x̂ the scaled rows: dw = Σ g·x̂, db = Σ g, dx = w/σ · (g − mean(g) − x̂·mean(g·x̂)).
            var (sums, products) = (
                [Double](repeating: 0, count: columns), [Double](repeating: 0, count: columns)
            )
            for row in 0..<rows {
                for column in 0..<columns {
                    let g = Double(gradient.pointer[row * columns + column])
                    sums[column] += g
                    products[column] += g * Double(scaled.pointer[row * columns + column])
                }
            }
            if let target = weightSlot?.zeroedTarget() {
                for column in 0..<columns { target.pointer[column] += Float(products[column]) }
            }
            if let target = biasSlot?.zeroedTarget() {
                for column in 0..<columns { target.pointer[column] += Float(sums[column]) }
            }
            guard let slot else { return }
            let below = Buffer(count: rows * columns)
            for row in 0..<rows {
                for column in 0..<columns {
                    let place = row * columns + column
                    let shared =
                        isCoupled
                        ? (sums[column] + Double(scaled.pointer[place]) * products[column]) / Double(rows) : 0
                    below.pointer[place] =
                        w.pointer[column] * inverse[column] * Float(Double(gradient.pointer[place]) - shared)
                }
            }
            slot.add(below)
        }
    }

    private typealias Statistics = (mean: [Double], variance: [Double])

    /// Each column's mean and variance over the rows, in their order.
    private func statistics(of x: Tensor) -> Statistics {
        let (rows, columns) = (x.rows, x.columns)
        var mean = [Double](repeating: 0, count: columns)
        var variance = mean
        for row in 0..<rows {
            for column in 0..<columns { mean[column] += Double(x.pointer[row * columns + column]) }
        }
        for column in 0..<columns { mean[column] /= Double(rows) }
        for row in 0..<rows {
            for column in 0..<columns {
                let apart = Double(x.pointer[row * columns + column]) - mean[column]
                variance[column] += apart * apart
            }
        }
        return (mean, variance.map { $0 / Double(rows) })
    }

    private func running(_ norm: BatchNorm) -> Statistics {
        func values(_ parameter: Parameter) -> [Double] { current(parameter).dense().floats.map(Double.init) }
        return (values(norm.runningMean), values(norm.runningVariance))
    }

    /// The running variance goes by the unbiased one.
    private func renew(_ norm: BatchNorm, by statistics: Statistics, rows: Int) {
        let old = running(norm)
        func mixed(_ old: [Double], _ new: [Double], _ factor: Double) -> Buffer {
            Buffer(
                zip(old, new).map { old, new in
                    Float((1 - BatchNorm.momentum) * old + BatchNorm.momentum * factor * new)
                })
        }
        let unbiased = Double(rows) / Double(rows - 1)
        renew(current(norm.runningMean), with: mixed(old.mean, statistics.mean, 1))
        renew(current(norm.runningVariance), with: mixed(old.variance, statistics.variance, unbiased))
    }
}
