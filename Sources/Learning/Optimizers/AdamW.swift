import CVectorMath
import Compute

/// Adam with bias correction and decoupled weight decay (Kingma & Ba 2015; Loshchilov & Hutter 2019).
///
/// Weight decay first: `p -= lr · weight_decay · p`, then `p -= lr · m̂ / (sqrt(v̂) + epsilon)`.
package final class AdamW: Optimizer, @unchecked Sendable {
    package static let declaration = ChoiceDeclaration(
        "adamw", "Adam with bias correction and decoupled weight decay",
        aliases: ["adamw_torch", "adamw_torch_fused", "adamw_hf"], settings: AdamMoments.settings)

    private let moments: AdamMoments
    package var state: OptimizerState { moments.state }

    package init(_ groups: [ParameterGroup], _ values: SettingValues, workers: Workers?) {
        moments = AdamMoments(groups, values, workers: workers)
    }

    package func update(gradients: [Buffer?], gradientScale: Float, lr: Float) {
        moments.update(
            gradients: gradients, gradientScale: gradientScale, lr: lr, isDecoupled: true, by: lk_adamw)
    }
}
