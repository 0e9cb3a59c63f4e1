import CVectorMath
import Compute

/// How a linear layer's weight lies in memory.
package enum WeightLayout: Sendable {
    /// (out, in), as torch.nn.Linear keeps it.
    case outByIn
    /// (in, out), as GPT-2's Conv1D keeps it.
    case inByOut
}

extension Pass {
    /// `y = x · Wᵀ + b`.
    ///
    /// - `x`: (tokens, in); `weight`: (out, in) or (in, out) by `layout`; `bias`: (out).
    /// - Result: (tokens, out). No weight gradient is computed for a frozen weight.
    package func linear(
        _ x: Tensor, weight: Parameter, bias: Parameter? = nil, layout: WeightLayout = .outByIn
    ) throws -> Tensor {
        try interruption?.check()
        let (weight, bias) = (current(weight), bias.map(current))
        let inputs = x.columns
        let outputs = weight.count / inputs
        let rows = x.rows
        precondition(
            weight.count == inputs * outputs && bias.map { $0.count == outputs } ?? true,
            "\(weight.name): \(weight.shape) with \(bias?.count ?? 0) biases for \(rows) × \(inputs)")
        let y = Buffer(count: rows * outputs)
        let biasValues = bias?.dense()
        multiply(x.buffer, by: weight, layout: layout, into: y, rows: rows, inputs: inputs, outputs: outputs)
        if let biasValues {
            split(rows, grain: 128) { range in
                lk_add_row(y.pointer + range.lowerBound * outputs, biasValues.pointer, range.count, outputs)
            }
        }
        let weightSlot = slot(for: weight)
        let biasSlot = bias.flatMap { slot(for: $0) }
        let inputSlot = x.slot
        let kept = weightSlot == nil ? nil : x.kept
        let isTracked = inputSlot != nil || weightSlot != nil || biasSlot != nil
        return record(rows: rows, columns: outputs, buffer: y, isTracked: isTracked, isDisposable: true) {
            [unowned self] gradient in
            if let inputSlot {
                multiplyBack(
                    gradient, by: weight, layout: layout, into: inputSlot, rows: rows, inputs: inputs,
                    outputs: outputs)
            }
            if let weightSlot, let kept {
                addWeightGradient(
                    gradient, kept(), layout: layout, into: weightSlot, rows: rows, inputs: inputs,
                    outputs: outputs)
            }
            if let biasSlot {
                lk_sum_columns(biasSlot.zeroedTarget().pointer, gradient.pointer, rows, outputs)
            }
        }
    }

    private func multiply(
        _ x: Buffer, by weight: Parameter, layout: WeightLayout, into y: Buffer, rows: Int, inputs: Int,
        outputs: Int
    ) {
        guard !weight.isExpanded(layout) else {
            return multiplyPanels(
                x, by: weight, layout: layout, into: y, rows: rows, inputs: inputs, outputs: outputs)
        }
        // Held while it is read: another run's tuning may take over what nobody holds.
        let values = weight.dense()
        withExtendedLifetime(values) {
            let w = values.pointer
            eachTile(rows, outputs, weights: inputs * outputs) { r, o in
                let start = layout == .outByIn ? w + o.lowerBound * inputs : w + o.lowerBound
                BLAS.multiplyRows(
                    x.pointer + r.lowerBound * inputs, stride: inputs,
                    by: start, stride: layout == .outByIn ? inputs : outputs,
                    byTransposed: layout == .outByIn,
                    into: y.pointer + r.lowerBound * outputs + o.lowerBound, stride: outputs,
                    m: r.count, n: o.count, k: inputs)
            }
        }
    }

    /// The input's gradient: `dy · W`.
    private func multiplyBack(
        _ gradient: Buffer, by weight: Parameter, layout: WeightLayout, into slot: GradientSlot, rows: Int,
        inputs: Int, outputs: Int
    ) {
        let (target, isFresh) = slot.target()
        guard !weight.isExpanded(layout) else {
            return multiplyPanelsBack(
                gradient, by: weight, layout: layout, into: target, adds: !isFresh, rows: rows,
                inputs: inputs,
                outputs: outputs)
        }
        let values = weight.dense()
        withExtendedLifetime(values) {
            let w = values.pointer
            eachTile(rows, inputs) { r, i in
                let start = layout == .outByIn ? w + i.lowerBound : w + i.lowerBound * outputs
                BLAS.multiplyRows(
                    gradient.pointer + r.lowerBound * outputs, stride: outputs,
                    by: start, stride: layout == .outByIn ? inputs : outputs,
                    byTransposed: layout == .inByOut,
                    into: target.pointer + r.lowerBound * inputs + i.lowerBound, stride: inputs,
                    m: r.count, n: i.count, k: outputs, adds: !isFresh)
            }
        }
    }

    private func addWeightGradient(
        _ gradient: Buffer, _ x: Buffer, layout: WeightLayout, into slot: GradientSlot, rows: Int,
        inputs: Int, outputs: Int
    ) {
        let (target, isFresh) = slot.target()
        let beta: Float = isFresh ? 0 : 1
        switch layout {
        case .outByIn:
            eachTile(outputs, inputs) { o, i in
                BLAS.multiply(
                    gradient.pointer + o.lowerBound, stride: outputs, transposed: true,
                    by: x.pointer + i.lowerBound, stride: inputs,
                    into: target.pointer + o.lowerBound * inputs + i.lowerBound, stride: inputs,
                    m: o.count, n: i.count, k: rows, beta: beta)
            }
        case .inByOut:
            eachTile(inputs, outputs) { i, o in
                BLAS.multiply(
                    x.pointer + i.lowerBound, stride: inputs, transposed: true,
                    by: gradient.pointer + o.lowerBound, stride: outputs,
                    into: target.pointer + i.lowerBound * outputs + o.lowerBound, stride: outputs,
                    m: i.count, n: o.count, k: rows, beta: beta)
            }
        }
    }

    // MARK: - Pieces

    /// Tiles of a product's result: one when the pass is narrow, else cut by the shape alone, at panels
    /// of 32 columns, into an even number of tiles of nearly the same size.
    ///
    /// - `weights`: values of a weight that comes from memory, which takes longer than the product where rows are few;
    ///   0 where the result alone decides.
    private func eachTile(
        _ rows: Int, _ columns: Int, weights: Int = 0, _ body: @escaping (Range<Int>, Range<Int>) -> Void
    ) {
        let isLarge = rows * columns > Self.tile * Self.tile / 4
        guard isWide, isLarge || weights > Self.piece / 2 else { return body(0..<rows, 0..<columns) }
        let down = isLarge ? (rows + Self.tile - 1) / Self.tile : 1
        let panels = (columns + 31) / 32
        let (count, size) = isLarge ? (columns, Self.tile) : (weights, Self.piece)
        let across = min(panels, (count + 2 * size - 1) / (2 * size) * 2)
        each(down * across) { piece in
            let (r, c) = (piece / across, piece % across)
            body(
                rows * r / down..<rows * (r + 1) / down,
                panels * c / across * 32..<min(columns, panels * (c + 1) / across * 32))
        }
    }

    private static let tile = 384
    /// Weights of a piece of a product of few rows: half a megabyte, some ten microseconds from memory.
    private static let piece = 131_072
}
