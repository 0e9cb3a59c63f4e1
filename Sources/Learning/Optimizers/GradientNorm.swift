import Compute

/// The norm of all gradients together, and what clipping makes of it.
package struct GradientNorm: Sendable, Hashable {
    package let value: Double

    package init(of gradients: [Buffer]) {
        value = gradients.reduce(0.0) { $0 + $1.sumOfSquares }.squareRoot()
    }

    /// What every gradient is multiplied by so that the norm is at most `limit`, as
    /// torch.nn.utils.clip_grad_norm_ has it; 1 where `limit` is 0, which is no limit.
    package func scale(limit: Float) -> Float {
        limit > 0 ? min(1, limit / (Float(value) + 1e-6)) : 1
    }
}
