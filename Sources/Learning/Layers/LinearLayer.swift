import Compute

/// A linear layer, and the place of a tuning's change of it.
package final class Linear: Sendable {
    /// Its path in the checkpoint, such as `model.layers.0.self_attn.q_proj`.
    package let path: String
    package let weight: Parameter
    package let bias: Parameter?
    package let layout: WeightLayout

    package init(path: String, weight: Parameter, bias: Parameter?, layout: WeightLayout = .outByIn) {
        self.path = path
        self.weight = weight
        self.bias = bias
        self.layout = layout
    }

    /// The same layer with other parameters in the place of these.
    package func with(_ current: (Parameter) -> Parameter) -> Linear {
        Linear(path: path, weight: current(weight), bias: bias.map(current), layout: layout)
    }

    package var inputs: Int { layout == .outByIn ? weight.columns : weight.rows }
    package var outputs: Int { layout == .outByIn ? weight.rows : weight.columns }

    /// (tokens, in) to (tokens, out), as the pass's tuning has it.
    package func callAsFunction(_ x: Tensor, _ pass: Pass) throws -> Tensor {
        guard let hook = pass.tuning?.linears[path] else { return try plain(x, pass) }
        return try hook.apply(self, to: x, pass)
    }

    /// The product alone, for hooks.
    package func plain(_ x: Tensor, _ pass: Pass) throws -> Tensor {
        try pass.linear(x, weight: weight, bias: bias, layout: layout)
    }
}
