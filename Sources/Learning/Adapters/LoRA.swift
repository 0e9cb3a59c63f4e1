import Compute
import Diagnostics
import System

/// Low-rank adaptation's settings, in PEFT's words.
package struct LoRAConfig: Sendable, Hashable {
    /// Rank of the update, in rows of A (1…256).
    package var r = 8
    /// Scale: `alpha / r` multiplies `B·A·x`.
    package var alpha: Float = 16
    /// Chance that an input of A is zeroed in training (0…1).
    package var dropout: Float = 0.05
    /// Divides alpha by sqrt(r) instead of r (rsLoRA).
    package var usesRankStabilisation = false
    package var initialisation = Initialisation.kaiming

    /// How A begins; B is always zero, so that step 0 is the base model.
    package enum Initialisation: String, Sendable, CaseIterable {
        /// Uniform in ±1/sqrt(in): kaiming_uniform with a = sqrt(5), PEFT's default.
        case kaiming
        /// Normal with standard deviation 1 / r, PEFT's `gaussian`.
        case gaussian
        /// Standard normal, as in the LLaMA-2 on IMDB paper.
        case normal
    }

    package init() {}

    package var scale: Float { alpha / (usesRankStabilisation ? Float(r).squareRoot() : Float(r)) }
}

/// A hook whose change is one pair of thin matrices over the whole layer.
package protocol LowRankHook: LinearHook {
    /// As PEFT's files hold it.
    var lowRank: LoRA { get }
}

/// LoRA on one linear layer: `y + alpha / r · B(A(dropout(x)))`.
package final class LoRA: LowRankHook {
    package let config: LoRAConfig
    /// (r, in)
    package let a: Parameter
    /// (out, r)
    package let b: Parameter
    private let site: RandomSite
    /// The first of the layer's outputs that is changed.
    package let offset: Int

    /// - `path`: the layer's, which also decides A's random values together with `seed`.
    /// - `outputs`: how many of the layer's are changed, from `offset` on.
    package convenience init(
        path: String, inputs: Int, outputs: Int, offset: Int = 0, config: LoRAConfig, seed: UInt64
    ) {
        var random = CounterRandom(seed: seed, purpose: "lora.\(path)")
        let values = Buffer(count: config.r * inputs)
        let bound = 1 / Float(inputs).squareRoot()
        for index in 0..<config.r * inputs {
            values.pointer[index] =
                switch config.initialisation {
                case .kaiming: random.uniform(bound: bound)
                case .gaussian: random.normal() / Float(config.r)
                case .normal: random.normal()
                }
        }
        self.init(path: path, a: values, b: Buffer(zeros: outputs * config.r), offset: offset, config: config)
    }

    /// - `a`: (r, in); `b`: (changed outputs, r).
    package convenience init(path: String, a: Buffer, b: Buffer, offset: Int = 0, config: LoRAConfig) {
        self.init(
            a: Parameter(
                name: "\(path).lora_A.weight", shape: [config.r, a.count / config.r], buffer: a),
            b: Parameter(
                name: "\(path).lora_B.weight", shape: [b.count / config.r, config.r], buffer: b),
            offset: offset, config: config, site: RandomSite("\(path).lora_dropout"))
    }

    private init(a: Parameter, b: Parameter, offset: Int, config: LoRAConfig, site: RandomSite) {
        (self.a, self.b, self.offset, self.config, self.site) = (a, b, offset, config, site)
    }

    package var parameters: [Parameter] { [a, b] }
    package var lowRank: LoRA { self }

    package func with(_ own: (Parameter) -> Parameter) -> LoRA {
        LoRA(a: own(a), b: own(b), offset: offset, config: config, site: site)
    }

    package func apply(_ base: Linear, to x: Tensor, _ pass: Pass) throws -> Tensor {
        adjust(try base.plain(x, pass), for: x, pass)
    }

    /// The layer's output, changed; `y` may be written over.
    func adjust(_ y: Tensor, for x: Tensor, _ pass: Pass) -> Tensor {
        pass.addLowRank(
            to: y, from: x, a: a, b: b, scale: config.scale, dropout: config.dropout, at: site,
            offset: offset)
    }

    package func merged(_ values: LinearValues) -> LinearValues? {
        let change = change(layout: values.layout)
        values.weight.add(change)
        return values
    }

    /// `alpha / r · B·A`, laid out as the weight is; for a change of all outputs.
    private func change(layout: WeightLayout) -> Buffer {
        let (inputs, outputs, rank) = (a.columns, b.rows, config.r)
        let change = Buffer(count: inputs * outputs)
        let (aValues, bValues) = (a.dense().pointer, b.dense().pointer)
        switch layout {
        case .outByIn:
            BLAS.multiply(
                bValues, stride: rank, by: aValues, stride: inputs, into: change.pointer, stride: inputs,
                m: outputs, n: inputs, k: rank, alpha: config.scale)
        case .inByOut:
            BLAS.multiply(
                aValues, stride: inputs, transposed: true, by: bValues, stride: rank, byTransposed: true,
                into: change.pointer, stride: outputs, m: inputs, n: outputs, k: rank, alpha: config.scale)
        }
        return change
    }
}
