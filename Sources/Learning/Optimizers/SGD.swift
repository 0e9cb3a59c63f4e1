import Compute
import Diagnostics

/// Stochastic gradient descent, with momentum where asked for (Sutskever et al. 2013), as torch.optim.SGD has it.
///
/// Weight decay is a part of the gradient: `g += weight_decay · p`. Then `b = momentum · b + (1 - dampening) · g`,
/// which begins with the first gradient, and `p -= lr · b`; `p -= lr · (g + momentum · b)` with Nesterov's momentum.
package final class SGD: Optimizer, @unchecked Sendable {
    package static let declaration = ChoiceDeclaration(
        "sgd", "steps along the gradient, or along its running sum",
        settings: [
            SettingDeclaration(
                "momentum", "share of the gradients' running sum that a step keeps",
                .number(from: 0, to: 1, isOpenAbove: true), usual: .number(0)),
            SettingDeclaration(
                "dampening", "share of each gradient after the first that the running sum leaves out",
                .number(from: 0, to: 1), usual: .number(0)),
            SettingDeclaration(
                "nesterov", "take the gradient as well as the running sum it went into", .flag,
                usual: .flag(false)),
            .weightDecay,
        ])

    /// A step is as long as the gradient, of a norm of about 1, where AdamW's is as long as the root of the number of
    /// values: ten for a small head, some hundreds for adapters, ten thousand for a whole model. Momentum lengthens steps
    /// by `1 / (1 - momentum)`, but for what dampening takes.
    package static func rates(_ values: SettingValues) -> RateScale {
        let momentum = values.number("momentum") ?? 0
        let lengthened = momentum > 0 ? (1 - (values.number("dampening") ?? 0)) / (1 - momentum) : 1
        let scale = 1 / max(1, lengthened)
        return RateScale(100 * scale, in: 10 * scale...10_000 * scale)
    }

    package let state: OptimizerState
    private let momentum, dampening, weightDecay: Float
    private let isNesterov: Bool
    /// Empty without momentum.
    private let sums: [Buffer]

    package init(_ groups: [ParameterGroup], _ values: SettingValues, workers: Workers?) throws {
        (momentum, dampening) = (values.single("momentum"), values.single("dampening"))
        (weightDecay, isNesterov) = (values.single("weight_decay"), values.flag("nesterov"))
        guard !isNesterov || (momentum > 0 && dampening == 0) else {
            throw Diagnostic(
                "bad-value", "nesterov goes with a momentum above 0 and without dampening",
                hint: "write momentum=0.9 and leave dampening out")
        }
        state = OptimizerState(groups, workers: workers)
        sums = momentum > 0 ? state.zeros("momentum") : []
    }

    package func update(gradients: [Buffer?], gradientScale: Float, lr: Float) {
        let (sums, momentum, weightDecay, isNesterov) = (sums, momentum, weightDecay, isNesterov)
        let dampening = dampening
        state.updateValues(by: gradients, lr: lr) { piece in
            let share = piece.step == 1 ? 1 : 1 - dampening
            let decay = piece.decays ? weightDecay : 0
            guard momentum > 0 else {
                for index in 0..<piece.count {
                    let gradient = piece.gradient[index] * gradientScale + decay * piece.weights[index]
                    piece.weights[index] -= piece.lr * gradient
                }
                return
            }
            let sum = sums[piece.parameter].pointer + piece.start
            for index in 0..<piece.count {
                let gradient = piece.gradient[index] * gradientScale + decay * piece.weights[index]
                sum[index] = momentum * sum[index] + share * gradient
                piece.weights[index] -=
                    piece.lr * (isNesterov ? gradient + momentum * sum[index] : sum[index])
            }
        }
    }
}
