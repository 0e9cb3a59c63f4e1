import CVectorMath
import Compute

/// Gradients over the root of their running mean square (Hinton 2012), as torch.optim.RMSprop: weight decay is a part of
/// the gradient, `v = rho · v + (1 - rho) · g²`, `p -= lr · g / (sqrt(v) + epsilon)`.
///
/// Where it is centred, v is lessened by the square of the running mean; with momentum the steps are summed.
package final class RMSprop: Optimizer, @unchecked Sendable {
    package static let declaration = ChoiceDeclaration(
        "rmsprop", "gradients over the root of their running mean square",
        settings: [
            SettingDeclaration(
                "rho", "share of the squared gradients' running mean that a step keeps (PyTorch's alpha)",
                .number(from: 0, to: 1, isOpenAbove: true), usual: .number(0.99)),
            .epsilon,
            SettingDeclaration(
                "momentum", "share of the gradients' running sum that a step keeps",
                .number(from: 0, to: 1, isOpenAbove: true), usual: .number(0)),
            SettingDeclaration(
                "centered", "take the square of the running mean off the mean square", .flag,
                usual: .flag(false)),
            .weightDecay,
        ])

    package let state: OptimizerState
    private let rho, epsilon, momentum, weightDecay: Float
    private let squares: [Buffer]
    /// Empty where they are not asked for.
    private let means, sums: [Buffer]

    package init(_ groups: [ParameterGroup], _ values: SettingValues, workers: Workers?) {
        (rho, epsilon) = (values.single("rho"), values.single("epsilon"))
        (momentum, weightDecay) = (values.single("momentum"), values.single("weight_decay"))
        state = OptimizerState(groups, workers: workers)
        squares = state.zeros("square")
        means = values.flag("centered") ? state.zeros("mean") : []
        sums = momentum > 0 ? state.zeros("momentum") : []
    }

    package func update(gradients: [Buffer?], gradientScale: Float, lr: Float) {
        let (squares, means, sums) = (squares, means, sums)
        let (rho, epsilon, momentum, weightDecay) = (rho, epsilon, momentum, weightDecay)
        state.updateValues(by: gradients, lr: lr) { piece in
            let (number, start) = (piece.parameter, piece.start)
            lk_rmsprop(
                piece.weights, squares[number].pointer + start,
                means.isEmpty ? nil : means[number].pointer + start,
                sums.isEmpty ? nil : sums[number].pointer + start, piece.gradient, gradientScale,
                piece.decays ? weightDecay : 0, piece.lr, rho, momentum, epsilon, piece.count)
        }
    }
}
