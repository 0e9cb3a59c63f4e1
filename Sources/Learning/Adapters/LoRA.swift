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
    /// Whether a magnitude an output is trained beside the direction (DoRA).
    package var isDecomposed = false
    package var initialisation = Initialisation.kaiming

    /// How A and B begin. Step 0 is the base model: B is zero, or the base is lessened by what `B·A` begins as.
    package enum Initialisation: String, Sendable, CaseIterable {
        /// Uniform in ±1/sqrt(in): kaiming_uniform with a = sqrt(5), PEFT's default.
        case kaiming
        /// Normal with standard deviation 1 / r, PEFT's `gaussian`.
        case gaussian
        /// Standard normal, as in the LLaMA-2 on IMDB paper.
        case normal
        /// The weight's largest singular values (PiSSA, Meng et al. 2024).
        case pissa
        /// The weight's first columns, made orthonormal (OLoRA, Büyükakyüz 2024).
        case olora

        /// Whether B is not zero at first, and the base is lessened by it.
        package var lessensBase: Bool { self == .pissa || self == .olora }
    }

    package init() {}

    package var scale: Float { alpha / (usesRankStabilisation ? Float(r).squareRoot() : Float(r)) }
}

/// A hook whose change is one pair of thin matrices over the whole layer.
package protocol LowRankHook: LinearHook {
    /// As PEFT's files hold it.
    var lowRank: LoRA { get }
    /// (out): of a decomposed one.
    var magnitude: Parameter? { get }
}

extension LowRankHook {
    package var magnitude: Parameter? { nil }
}

/// LoRA on one linear layer: `y + alpha / r · B(A(dropout(x)))`, less what that began as.
package final class LoRA: LowRankHook {
    package let config: LoRAConfig
    /// (r, in)
    package let a: Parameter
    /// (out, r)
    package let b: Parameter
    let site: RandomSite
    /// The first of the layer's outputs that is changed.
    package let offset: Int
    /// What the base is lessened by; nil for nothing.
    let start: LowRankStart?

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
                case .kaiming, .pissa, .olora: random.uniform(bound: bound)
                case .gaussian: random.normal() / Float(config.r)
                case .normal: random.normal()
                }
        }
        self.init(path: path, a: values, b: Buffer(zeros: outputs * config.r), offset: offset, config: config)
    }

    /// A and B as the layer's own weight says, which is lessened by them.
    ///
    /// - Throws: why the weight cannot be decomposed.
    package convenience init(decomposing linear: Linear, config: LoRAConfig) throws {
        let start = try LowRankStart(of: linear, config: config)
        self.init(
            path: linear.path, a: start.a.dense().copy(),
            b: Buffer(start.b.dense().floats.map { $0 / config.scale }), config: config, start: start)
    }

    /// - `a`: (r, in); `b`: (changed outputs, r).
    package convenience init(
        path: String, a: Buffer, b: Buffer, offset: Int = 0, config: LoRAConfig, start: LowRankStart? = nil
    ) {
        self.init(
            a: Parameter(
                name: "\(path).lora_A.weight", shape: [config.r, a.count / config.r], buffer: a),
            b: Parameter(
                name: "\(path).lora_B.weight", shape: [b.count / config.r, config.r], buffer: b),
            offset: offset, config: config, site: RandomSite("\(path).lora_dropout"), start: start)
    }

    private init(
        a: Parameter, b: Parameter, offset: Int, config: LoRAConfig, site: RandomSite, start: LowRankStart?
    ) {
        (self.a, self.b, self.offset, self.config, self.site) = (a, b, offset, config, site)
        self.start = start
    }

    package var parameters: [Parameter] { [a, b] }
    package var lowRank: LoRA { self }
    package var constants: [Parameter] { start.map { [$0.a, $0.b] } ?? [] }
    package var setting: String? { "\(config.r) \(config.alpha)" }

    package func with(_ own: (Parameter) -> Parameter) -> LoRA {
        LoRA(a: own(a), b: own(b), offset: offset, config: config, site: site, start: start)
    }

    package func apply(_ base: Linear, to x: Tensor, _ pass: Pass) throws -> Tensor {
        adjust(lessened(try base.plain(x, pass), for: x, pass), for: x, pass)
    }

    /// The layer's output without what the base is lessened by; `y` may be written over.
    func lessened(_ y: Tensor, for x: Tensor, _ pass: Pass) -> Tensor {
        guard let start else { return y }
        return pass.addLowRank(to: y, from: x, a: start.a, b: start.b, scale: -1, dropout: 0, at: site)
    }

    /// The layer's output, changed; `y` may be written over.
    func adjust(_ y: Tensor, for x: Tensor, _ pass: Pass) -> Tensor {
        pass.addLowRank(
            to: y, from: x, a: a, b: b, scale: config.scale, dropout: config.dropout, at: site,
            offset: offset)
    }

    package func keptColumns(of base: Linear) -> Int { a.rows + (start?.a.rows ?? 0) }

    package func merged(_ values: LinearValues) -> LinearValues? {
        add(a, b, scale: config.scale, to: values)
        if let start { add(start.a, start.b, scale: -1, to: values) }
        return values
    }

    /// `scale · B·A`, laid out as the weight is; for a change of all outputs.
    private func add(_ a: Parameter, _ b: Parameter, scale: Float, to values: LinearValues) {
        let (inputs, outputs, rank) = (a.columns, b.rows, a.rows)
        let change = Buffer(count: inputs * outputs)
        let (aValues, bValues) = (a.dense(), b.dense())
        switch values.layout {
        case .outByIn:
            BLAS.multiply(
                bValues.pointer, stride: rank, by: aValues.pointer, stride: inputs, into: change.pointer,
                stride: inputs, m: outputs, n: inputs, k: rank, alpha: scale)
        case .inByOut:
            BLAS.multiply(
                aValues.pointer, stride: inputs, transposed: true, by: bValues.pointer, stride: rank,
                byTransposed: true, into: change.pointer, stride: outputs, m: inputs, n: outputs, k: rank,
                alpha: scale)
        }
        values.weight.add(change)
    }
}
