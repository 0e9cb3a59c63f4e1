import CVectorMath
import Compute

/// Adam with bias correction (Kingma & Ba 2015), as torch.optim.Adam: weight decay is a part of the gradient.
package final class Adam: Optimizer, @unchecked Sendable {
    package static let declaration = ChoiceDeclaration(
        "adam", "Adam with bias correction; weight decay is a part of the gradient",
        settings: AdamMoments.settings)

    private let moments: AdamMoments
    package var state: OptimizerState { moments.state }

    package init(_ groups: [ParameterGroup], _ values: SettingValues, workers: Workers?) {
        moments = AdamMoments(groups, values, workers: workers)
    }

    package func update(gradients: [Buffer?], gradientScale: Float, lr: Float) {
        moments.update(
            gradients: gradients, gradientScale: gradientScale, lr: lr, isDecoupled: false, by: lk_adam)
    }
}
