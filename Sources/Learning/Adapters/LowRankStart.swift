import Compute
import Diagnostics

/// What a pair of thin matrices began as, where the base is lessened by that: `W·x − B·(A·x)`.
///
/// - PiSSA (Meng et al. 2024): the weight's largest singular values, their roots in either matrix.
/// - OLoRA (Büyükakyüz 2024): the weight's first columns made orthonormal, and what they hold of the weight.
package final class LowRankStart: Sendable {
    /// (r, in); (out, r), the scale of the update included. Never trained.
    let a, b: Parameter

    /// As PEFT finds them again from a base's weight.
    ///
    /// - `config`: its rank, scale and initialisation.
    /// - Throws: `bad-adapter` where the weight has no such rank; why it cannot be decomposed.
    package init(of linear: Linear, config: LoRAConfig) throws {
        let (weight, rank) = (linear.weight, config.r)
        guard rank <= min(weight.rows, weight.columns) else {
            throw Diagnostic(
                "bad-adapter",
                "\(linear.path) is \(weight.shape), it has no \(rank) singular values to begin with",
                about: "r", hint: "write r=\(min(weight.rows, weight.columns)) or less")
        }
        if let problem = Self.obstacle(linear, config) {
            throw Diagnostic(
                "bad-adapter", "\(linear.path): \(problem)", about: "init",
                hint: "write init=kaiming, or targets without it")
        }
        guard config.scale > 0 else {
            throw Diagnostic(
                "bad-adapter",
                "\(linear.path): alpha is \(config.alpha), and what begins as singular values needs one above 0",
                about: "alpha", hint: "write an alpha above 0")
        }
        let factors: LowRankFactors
        do {
            factors = try Self.factors(of: linear, config)
        } catch let problem as Diagnostic {
            throw Diagnostic(
                problem.code, "\(linear.path): \(problem.message)", about: "init", hint: problem.hint)
        }
        let share = config.initialisation == .pissa ? config.scale.squareRoot() : 1
        a = Parameter(
            name: "\(linear.path).start_A", shape: [rank, linear.inputs],
            buffer: Buffer(factors.right.floats.map { $0 / share }))
        // PiSSA's scale is taken out of A and B alike, and multiplies their product; OLoRA's multiplies alone.
        let scale = config.initialisation == .pissa ? share : config.scale
        b = Parameter(
            name: "\(linear.path).start_B", shape: [linear.outputs, rank],
            buffer: Buffer(factors.left.floats.map { $0 * scale }))
    }

    /// Why PEFT's files could not say the same of a weight; nil where they can.
    private static func obstacle(_ linear: Linear, _ config: LoRAConfig) -> String? {
        if !linear.weight.name.hasPrefix(linear.path + ".") {
            return "its weight is also \(linear.weight.name), which would be lessened with it"
        }
        if linear.weight.quantisation != nil {
            return "what quantised weights are lessened by would be rounded away"
        }
        if config.initialisation == .olora, linear.layout == .inByOut, linear.inputs != linear.outputs {
            return "OLoRA has no form in PEFT for a weight that lies (in, out) and is not square"
        }
        return nil
    }

    /// Of the weight as (out, in).
    private static func factors(of linear: Linear, _ config: LoRAConfig) throws -> LowRankFactors {
        let weight = linear.weight
        // The factors lie as the weight does: PEFT, too, decomposes GPT-2's weights as they are stored.
        let found =
            config.initialisation == .pissa
            ? try LowRankFactors(
                nearestTo: weight.values(), rows: weight.rows, columns: weight.columns, rank: config.r
            ).balanced
            : try LowRankFactors(
                ofFirstColumnsOf: weight.values(), rows: weight.rows, columns: weight.columns, rank: config.r)
        return linear.layout == .outByIn ? found : found.transposed
    }
}
