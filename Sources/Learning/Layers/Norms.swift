import Compute

/// Layer norm with its weight and bias (width).
package final class LayerNorm: Sendable {
    package let weight: Parameter
    package let bias: Parameter
    package let epsilon: Float

    package init(weight: Parameter, bias: Parameter, epsilon: Float) {
        self.weight = weight
        self.bias = bias
        self.epsilon = epsilon
    }

    package func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
        pass.layerNorm(x, weight: weight, bias: bias, epsilon: epsilon)
    }
}

/// Root-mean-square norm with its weight (width).
package final class RMSNorm: Sendable {
    package let weight: Parameter
    package let epsilon: Float

    package init(weight: Parameter, epsilon: Float) {
        self.weight = weight
        self.epsilon = epsilon
    }

    package func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
        pass.rmsNorm(x, weight: weight, epsilon: epsilon)
    }
}
