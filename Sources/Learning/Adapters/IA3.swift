import Compute

/// (IA)³ on one linear layer: its outputs, or a feed-forward layer's inputs, times a vector (Liu et al. 2022).
package final class IA3: LinearHook {
    /// (out, 1), or (1, in) where the inputs are scaled, as PEFT has it; begins at 1.
    package let l: Parameter
    package let scalesInputs: Bool

    package convenience init(_ linear: Linear, scalesInputs: Bool) {
        let count = scalesInputs ? linear.inputs : linear.outputs
        let ones = Buffer(count: count)
        ones.pointer.update(repeating: 1, count: count)
        self.init(path: linear.path, values: ones, scalesInputs: scalesInputs)
    }

    /// - `values`: one for each of the layer's outputs, or inputs.
    package convenience init(path: String, values: Buffer, scalesInputs: Bool) {
        let shape = scalesInputs ? [1, values.count] : [values.count, 1]
        self.init(
            Parameter(name: "\(path).ia3_l", shape: shape, buffer: values), scalesInputs: scalesInputs)
    }

    private init(_ l: Parameter, scalesInputs: Bool) { (self.l, self.scalesInputs) = (l, scalesInputs) }

    package var parameters: [Parameter] { [l] }

    package func with(_ own: (Parameter) -> Parameter) -> IA3 { IA3(own(l), scalesInputs: scalesInputs) }

    package func apply(_ base: Linear, to x: Tensor, _ pass: Pass) throws -> Tensor {
        scalesInputs
            ? try base.plain(pass.scale(x, by: l), pass) : pass.scale(try base.plain(x, pass), by: l)
    }

    /// Inputs are made once more.
    package func keptColumns(of base: Linear) -> Int { scalesInputs ? 0 : base.outputs }

    package func merged(_ values: LinearValues) -> LinearValues? {
        let factors = l.dense().pointer
        let (weight, layout) = (values.weight.pointer, values.layout)
        for output in 0..<values.outputs {
            for input in 0..<values.inputs {
                let place =
                    layout == .outByIn ? output * values.inputs + input : input * values.outputs + output
                weight[place] *= factors[scalesInputs ? input : output]
            }
        }
        if !scalesInputs, let bias = values.bias {
            for output in 0..<values.outputs { bias.pointer[output] *= factors[output] }
        }
        return values
    }
}
