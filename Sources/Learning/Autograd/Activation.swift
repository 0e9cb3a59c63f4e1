import CVectorMath
import Compute

/// An elementwise nonlinearity by the name that configurations give it.
package enum Activation: String, Sendable, CaseIterable {
    case gelu
    case geluTanh = "gelu_new"
    case relu
    case silu
    case tanh

    /// - `name`: `hidden_act` or `activation_function` of a config.json.
    package init?(configured name: String) {
        switch name {
        case "gelu", "gelu_python": self = .gelu
        case "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_python_tanh": self = .geluTanh
        case "silu", "swish": self = .silu
        case "relu": self = .relu
        case "tanh": self = .tanh
        default: return nil
        }
    }

    fileprivate func forward(_ out: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ count: Int) {
        switch self {
        case .gelu: lk_gelu(out, x, count)
        case .geluTanh: lk_gelu_tanh(out, x, count)
        case .relu: lk_relu(out, x, count)
        case .silu: lk_silu(out, x, count)
        case .tanh: lk_tanh(out, x, count)
        }
    }

    /// `kept` is the input, or the output for tanh.
    fileprivate func backward(
        _ into: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>, _ kept: UnsafePointer<Float>,
        _ count: Int
    ) {
        switch self {
        case .gelu: lk_gelu_backward(into, gradient, kept, count)
        case .geluTanh: lk_gelu_tanh_backward(into, gradient, kept, count)
        case .relu: lk_relu_backward(into, gradient, kept, count)
        case .silu: lk_silu_backward(into, gradient, kept, count)
        case .tanh: lk_tanh_backward(into, gradient, kept, count)
        }
    }
}

extension Pass {
    /// The nonlinearity of every element: `x` and the result (tokens, width).
    package func activate(_ x: Tensor, _ activation: Activation) -> Tensor {
        let columns = x.columns
        let inPlace = x.isDisposable && x.slot == nil
        let (input, rows) = (x.buffer, x.rows)
        let apply = { [unowned self] (out: Buffer) in
            split(rows, grain: 64) { range in
                let start = range.lowerBound * columns
                activation.forward(out.pointer + start, input.pointer + start, range.count * columns)
            }
            return out
        }
        let out = apply(inPlace ? input : Buffer(count: x.count))
        let kept = activation == .tanh ? out : x.buffer
        let slot = x.slot
        let remake = activation == .tanh ? nil : { apply(Buffer(count: rows * columns)) }
        return record(rows: rows, columns: columns, buffer: out, isTracked: slot != nil, remake: remake) {
            [unowned self] gradient in
            guard let slot else { return }
            let result = Buffer(count: kept.count)
            split(kept.count / columns, grain: 64) { range in
                let start = range.lowerBound * columns
                activation.backward(
                    result.pointer + start, gradient.pointer + start, kept.pointer + start,
                    range.count * columns)
            }
            slot.add(result)
        }
    }

    /// The gated unit of LLaMA: `silu(gate) * up` (Shazeer 2020); all (tokens, width).
    package func swiglu(gate: Tensor, up: Tensor) -> Tensor {
        let columns = gate.columns
        precondition(
            up.rows == gate.rows && up.columns == columns, "swiglu: \(gate.count) and \(up.count) values")
        let inPlace = gate.isDisposable && gate.slot == nil && up.slot == nil
        let (gateValues, upValues) = (gate.buffer, up.buffer)
        let rows = gate.rows
        let apply = { [unowned self] (out: Buffer) in
            split(rows, grain: 64) { range in
                let start = range.lowerBound * columns
                lk_swiglu(
                    out.pointer + start, gateValues.pointer + start, upValues.pointer + start,
                    range.count * columns)
            }
            return out
        }
        let out = apply(inPlace ? gateValues : Buffer(count: rows * columns))
        let remake = { apply(Buffer(count: rows * columns)) }
        let (gateSlot, upSlot) = (gate.slot, up.slot)
        return record(
            rows: rows, columns: columns, buffer: out, isTracked: gateSlot != nil || upSlot != nil,
            remake: remake
        ) { [unowned self] gradient in
            let gateGradient = Buffer(count: rows * columns)
            let upGradient = Buffer(count: rows * columns)
            split(rows, grain: 64) { range in
                let start = range.lowerBound * columns
                lk_swiglu_backward(
                    gateGradient.pointer + start, upGradient.pointer + start, gradient.pointer + start,
                    gateValues.pointer + start, upValues.pointer + start, range.count * columns)
            }
            gateSlot?.add(gateGradient)
            upSlot?.add(upGradient)
        }
    }
}
