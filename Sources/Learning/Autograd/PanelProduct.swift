import Compute

/// Products with a weight that stays as it is stored, expanded a panel at a time: of outputs where these lie together,
/// else of inputs.
extension Pass {
    private static let panelSize = 256

    /// `y = x · Wᵀ`.
    ///
    /// - `x`: (rows, inputs); `y`: (rows, outputs), written over.
    func multiplyPanels(
        _ x: Buffer, by weight: Parameter, layout: WeightLayout, into y: Buffer, rows: Int, inputs: Int,
        outputs: Int
    ) {
        guard weight.liesByOutputs(layout) else {
            // All panels add to each row, in their order.
            return split(rows, grain: Self.panelSize) { range in
                Self.eachPanel(of: weight, layout, 0..<inputs, width: outputs) { panel, values in
                    BLAS.multiplyRows(
                        x.pointer + range.lowerBound * inputs + panel.lowerBound, stride: inputs, by: values,
                        stride: outputs, into: y.pointer + range.lowerBound * outputs, stride: outputs,
                        m: range.count, n: outputs, k: panel.count, adds: panel.lowerBound > 0)
                }
            }
        }
        split(outputs, grain: Self.panelSize) { range in
            Self.eachPanel(of: weight, layout, range, width: inputs) { panel, values in
                BLAS.multiplyRows(
                    x.pointer, stride: inputs, by: values, stride: inputs, byTransposed: true,
                    into: y.pointer + panel.lowerBound, stride: outputs, m: rows, n: panel.count, k: inputs)
            }
        }
    }

    /// The input's gradient: `dy · W`.
    ///
    /// - `gradient`: (rows, outputs); `target`: (rows, inputs), added to where `adds`, else written over.
    func multiplyPanelsBack(
        _ gradient: Buffer, by weight: Parameter, layout: WeightLayout, into target: Buffer, adds: Bool,
        rows: Int, inputs: Int, outputs: Int
    ) {
        guard !weight.liesByOutputs(layout) else {
            return split(rows, grain: Self.panelSize) { range in
                Self.eachPanel(of: weight, layout, 0..<outputs, width: inputs) { panel, values in
                    BLAS.multiplyRows(
                        gradient.pointer + range.lowerBound * outputs + panel.lowerBound, stride: outputs,
                        by: values, stride: inputs, into: target.pointer + range.lowerBound * inputs,
                        stride: inputs, m: range.count, n: inputs, k: panel.count,
                        adds: adds || panel.lowerBound > 0)
                }
            }
        }
        split(inputs, grain: Self.panelSize) { range in
            Self.eachPanel(of: weight, layout, range, width: outputs) { panel, values in
                BLAS.multiplyRows(
                    gradient.pointer, stride: outputs, by: values, stride: outputs, byTransposed: true,
                    into: target.pointer + panel.lowerBound, stride: inputs, m: rows, n: panel.count,
                    k: outputs,
                    adds: adds)
            }
        }
    }

    /// One panel after the other: (lines, width) each, where a line is an output's weights or an input's.
    private static func eachPanel(
        of weight: Parameter, _ layout: WeightLayout, _ lines: Range<Int>, width: Int,
        _ body: (Range<Int>, UnsafePointer<Float>) -> Void
    ) {
        let scratch = Buffer(count: min(panelSize, lines.count) * width)
        for start in stride(from: lines.lowerBound, to: lines.upperBound, by: panelSize) {
            let panel = start..<min(lines.upperBound, start + panelSize)
            guard weight.liesByOutputs(layout) else {
                weight.withRows(panel, scratch: scratch) { body(panel, $0) }
                continue
            }
            weight.withOutputs(panel, layout, scratch: scratch) { body(panel, $0) }
        }
    }
}
