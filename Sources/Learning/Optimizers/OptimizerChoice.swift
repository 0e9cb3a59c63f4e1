import Compute

/// An optimizer that was chosen, and its settings.
package typealias OptimizerChoice = Chosen<OptimizerRegistry>

extension Chosen where Registry == OptimizerRegistry {
    package func made(for groups: [ParameterGroup], workers: Workers?) throws -> any Optimizer {
        try kind.init(groups, values, workers: workers)
    }

    /// The rate of a step, from 1, where it has one of its own.
    package func ownRate(at step: Int) -> Double? { kind.ownRate(values, at: step) }
}
