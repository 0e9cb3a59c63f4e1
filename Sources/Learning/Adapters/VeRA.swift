import Compute

/// Two random matrices that all layers of a model share, and nobody trains.
package final class VeRAProjections: Sendable {
    /// (r, inputs of the widest layer)
    package let a: Parameter
    /// (outputs of the widest layer, r)
    package let b: Parameter

    package init(a: Parameter, b: Parameter) { (self.a, self.b) = (a, b) }

    package init(a: Buffer, b: Buffer, rank: Int) {
        self.a = Parameter(name: "vera_A", shape: [rank, a.count / rank], buffer: a)
        self.b = Parameter(name: "vera_B", shape: [b.count / rank, rank], buffer: b)
    }
}

/// Vector-based random matrix adaptation of one linear layer: `y + λb ∘ B·(λd ∘ A·dropout(x))` (Kopiczko et al. 2024).
package final class VeRA: LinearHook {
    /// λd: (r), begins at 0.1.
    package let d: Parameter
    /// λb: (out), begins at zero.
    package let b: Parameter
    package let projections: VeRAProjections
    package let dropout: Float
    private let site: RandomSite

    /// - `d`: r numbers; `b`: one an output.
    package convenience init(
        path: String, d: Buffer, b: Buffer, projections: VeRAProjections, dropout: Float
    ) {
        self.init(
            Parameter(name: "\(path).vera_lambda_d", shape: [d.count], buffer: d),
            Parameter(name: "\(path).vera_lambda_b", shape: [b.count], buffer: b), projections, dropout,
            RandomSite("\(path).vera_dropout"))
    }

    private init(
        _ d: Parameter, _ b: Parameter, _ projections: VeRAProjections, _ dropout: Float, _ site: RandomSite
    ) {
        (self.d, self.b, self.projections, self.dropout, self.site) = (d, b, projections, dropout, site)
    }

    package var parameters: [Parameter] { [b, d] }
    package var constants: [Parameter] { [projections.a, projections.b] }

    package func with(_ own: (Parameter) -> Parameter) -> VeRA {
        VeRA(own(d), own(b), projections, dropout, site)
    }

    package func apply(_ base: Linear, to x: Tensor, _ pass: Pass) throws -> Tensor {
        pass.addSharedProjections(
            to: try base.plain(x, pass), from: x, a: projections.a, b: projections.b, d: d, scale: b,
            dropout: dropout, at: site)
    }

    package func keptColumns(of base: Linear) -> Int { 2 * d.count }

    package func merged(_ values: LinearValues) -> LinearValues? {
        let (inputs, outputs, rank) = (values.inputs, values.outputs, d.count)
        let (a, b) = (projections.a.dense(), projections.b.dense())
        let (first, second) = (Buffer(count: rank * inputs), Buffer(count: outputs * rank))
        let (factors, scales) = (d.dense().pointer, self.b.dense().pointer)
        for row in 0..<rank {
            for column in 0..<inputs {
                first.pointer[row * inputs + column] =
                    factors[row] * a.pointer[row * projections.a.columns + column]
            }
        }
        for row in 0..<outputs {
            for column in 0..<rank {
                second.pointer[row * rank + column] = scales[row] * b.pointer[row * rank + column]
            }
        }
        var config = LoRAConfig()
        (config.r, config.alpha) = (rank, Float(rank))
        return LoRA(path: "", a: first, b: second, config: config).merged(values)
    }
}
