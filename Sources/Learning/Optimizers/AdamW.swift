import CVectorMath
import Compute
import Foundation

/// Adam with bias correction and decoupled weight decay (Kingma & Ba 2015; Loshchilov & Hutter 2019).
///
/// Weight decay first: `p -= lr · weight_decay · p`, then `p -= lr · m̂ / (sqrt(v̂) + epsilon)`.
package final class AdamW: Optimizer, @unchecked Sendable {
    package static let declaration = ChoiceDeclaration(
        "adamw", "Adam with bias correction and decoupled weight decay",
        aliases: ["adamw_torch", "adamw_torch_fused", "adamw_hf"],
        settings: [.beta1(0.9), .beta2(0.999), .epsilon, .weightDecay])

    package let state: OptimizerState
    private let beta1, beta2, epsilon, weightDecay: Float
    private let first, second: [Buffer]

    package init(_ groups: [ParameterGroup], _ values: SettingValues, workers: Workers?) {
        (beta1, beta2) = (values.single("beta1"), values.single("beta2"))
        (epsilon, weightDecay) = (values.single("epsilon"), values.single("weight_decay"))
        state = OptimizerState(groups, workers: workers)
        (first, second) = (state.zeros("first"), state.zeros("second"))
    }

    package func update(gradients: [Buffer?], gradientScale: Float, lr: Float) {
        let (first, second) = (first, second)
        let (beta1, beta2, epsilon, weightDecay) = (beta1, beta2, epsilon, weightDecay)
        state.updateValues(by: gradients, lr: lr) { piece in
            let correction = Float(1 - pow(Double(beta1), Double(piece.step)))
            let root = Float((1 - pow(Double(beta2), Double(piece.step))).squareRoot())
            lk_adamw(
                piece.weights, first[piece.parameter].pointer + piece.start,
                second[piece.parameter].pointer + piece.start, piece.gradient, gradientScale,
                piece.decays ? piece.lr * weightDecay : 0, piece.lr / correction, root,
                beta1, beta2, epsilon, piece.count)
        }
    }
}
