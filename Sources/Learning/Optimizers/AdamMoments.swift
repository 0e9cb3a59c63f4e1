import Compute
import Foundation

/// What Adam keeps, with decay of either kind: running means of the gradients and of their squares, which begin at 0 and
/// are corrected for it (Kingma & Ba 2015).
final class AdamMoments: @unchecked Sendable {
    /// Weights, both means, gradient, its scale, decay, lr over the first correction, root of the second, beta1, beta2,
    /// epsilon, count.
    typealias Kernel =
        @Sendable (
            UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?,
            UnsafePointer<Float>?, Float, Float, Float, Float, Float, Float, Float, Int
        ) -> Void

    static let settings: [SettingDeclaration] = [.beta1(0.9), .beta2(0.999), .epsilon, .weightDecay]

    let state: OptimizerState
    private let beta1, beta2, epsilon, weightDecay: Float
    private let first, second: [Buffer]

    init(_ groups: [ParameterGroup], _ values: SettingValues, workers: Workers?) {
        (beta1, beta2) = (values.single("beta1"), values.single("beta2"))
        (epsilon, weightDecay) = (values.single("epsilon"), values.single("weight_decay"))
        state = OptimizerState(groups, workers: workers)
        (first, second) = (state.zeros("first"), state.zeros("second"))
    }

    /// - `isDecoupled`: whether lr times the decay is taken off the weights, and not the decay put into the gradient.
    func update(
        gradients: [Buffer?], gradientScale: Float, lr: Float, isDecoupled: Bool, by kernel: @escaping Kernel
    ) {
        let (first, second) = (first, second)
        let (beta1, beta2, epsilon, weightDecay) = (beta1, beta2, epsilon, weightDecay)
        state.updateValues(by: gradients, lr: lr) { piece in
            let correction = Float(1 - pow(Double(beta1), Double(piece.step)))
            let root = Float((1 - pow(Double(beta2), Double(piece.step))).squareRoot())
            let decay = isDecoupled ? piece.lr * weightDecay : weightDecay
            kernel(
                piece.weights, first[piece.parameter].pointer + piece.start,
                second[piece.parameter].pointer + piece.start, piece.gradient, gradientScale,
                piece.decays ? decay : 0, piece.lr / correction, root, beta1, beta2, epsilon, piece.count)
        }
    }
}
