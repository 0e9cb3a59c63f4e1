import Compute

/// What an optimizer keeps of the past at one moment, by name.
package struct OptimizerSnapshot: Sendable {
    /// The optimizer's name in the registry.
    package let optimizer: String
    /// Steps that were taken.
    package let stepCount: Int
    /// Each called after its parameter and what it is: `classifier.weight.first`.
    package let tensors: [(name: String, values: Buffer)]

    package init(optimizer: String, stepCount: Int, tensors: [(name: String, values: Buffer)]) {
        (self.optimizer, self.stepCount, self.tensors) = (optimizer, stepCount, tensors)
    }
}
