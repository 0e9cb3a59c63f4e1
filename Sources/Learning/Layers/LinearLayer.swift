import Tensors

/// A linear layer with a slot for an adapter.
package final class Linear: @unchecked Sendable {
    /// Its path in the checkpoint, such as `model.layers.0.self_attn.q_proj`.
    package let path: String
    package let weight: Parameter
    package let bias: Parameter?
    package let layout: WeightLayout
    package var adapter: (any LinearAdapter)?

    package init(path: String, weight: Parameter, bias: Parameter?, layout: WeightLayout = .outByIn) {
        self.path = path
        self.weight = weight
        self.bias = bias
        self.layout = layout
    }

    package var inputs: Int { layout == .outByIn ? weight.columns : weight.rows }
    package var outputs: Int { layout == .outByIn ? weight.rows : weight.columns }

    /// (tokens, in) to (tokens, out).
    package func callAsFunction(_ x: Tensor, _ pass: Pass) throws -> Tensor {
        let y = try pass.linear(x, weight: weight, bias: bias, layout: layout)
        return adapter?.adjust(y, for: x, pass) ?? y
    }
}

/// What an adapter method does to one linear layer.
package protocol LinearAdapter: AnyObject, Sendable {
    /// The layer's output, changed; `y` may be written over.
    func adjust(_ y: Tensor, for x: Tensor, _ pass: Pass) -> Tensor

    /// What it trains.
    var parameters: [Parameter] { get }

    /// The same change as one pair of thin matrices over the whole layer, as PEFT's files hold it.
    var lowRank: LoRA { get }

    /// The change of the dense weight that gives the same outputs, laid out as the weight is.
    func mergedChange(layout: WeightLayout) -> Buffer
}
