import CVectorMath
import Compute

/// Steps of one size along the sign of a mean of gradients (Chen et al. 2023): `c = beta1 · m + (1 - beta1) · g`,
/// `p -= lr · (sign(c) + weight_decay · p)`, then `m = beta2 · m + (1 - beta2) · g`.
///
/// A rate a third to a tenth of Adam's suits it, as its authors say.
package final class Lion: Optimizer, @unchecked Sendable {
    package static let declaration = ChoiceDeclaration(
        "lion",
        "steps of one size along the sign of a mean of gradients; wants a third to a tenth of adamw's lr",
        aliases: ["lion_32bit"],
        settings: [
            .beta1(0.9),
            SettingDeclaration(
                "beta2", "share of the gradients' running mean that the next step begins with",
                .number(from: 0, to: 1, isOpenAbove: true), usual: .number(0.99), aliases: ["adam_beta2"]),
            .weightDecay,
        ])

    /// Chen et al. 2023, section 5: 3 to 10 times smaller than AdamW's.
    package static func rates(_ values: SettingValues) -> RateScale { RateScale(0.2) }

    package let state: OptimizerState
    private let beta1, beta2, weightDecay: Float
    private let means: [Buffer]

    package init(_ groups: [ParameterGroup], _ values: SettingValues, workers: Workers?) {
        (beta1, beta2) = (values.single("beta1"), values.single("beta2"))
        weightDecay = values.single("weight_decay")
        state = OptimizerState(groups, workers: workers)
        means = state.zeros("mean")
    }

    package func update(gradients: [Buffer?], gradientScale: Float, lr: Float) {
        let (means, beta1, beta2, weightDecay) = (means, beta1, beta2, weightDecay)
        state.updateValues(by: gradients, lr: lr) { piece in
            lk_lion(
                piece.weights, means[piece.parameter].pointer + piece.start, piece.gradient, gradientScale,
                piece.decays ? piece.lr * weightDecay : 0, piece.lr, beta1, beta2, piece.count)
        }
    }
}
