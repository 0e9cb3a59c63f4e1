import Compute

/// An optimizer that was chosen, and its settings.
package struct OptimizerChoice: Sendable, Hashable {
    package let kind: any Optimizer.Type
    package let values: SettingValues

    /// - `given`: settings that are not as declared, by name.
    package init(
        _ kind: any Optimizer.Type = OptimizerRegistry.usual, _ given: [String: SettingValue] = [:]
    ) {
        (self.kind, values) = (kind, SettingValues(kind.declaration.settings, given))
    }

    package init(_ kind: any Optimizer.Type, _ values: SettingValues) {
        (self.kind, self.values) = (kind, values)
    }

    package func made(for groups: [ParameterGroup], workers: Workers?) throws -> any Optimizer {
        try kind.init(groups, values, workers: workers)
    }

    /// The rate of a step, from 1, where it has one of its own.
    package func ownRate(at step: Int) -> Double? { kind.ownRate(values, at: step) }

    package static func == (a: Self, b: Self) -> Bool {
        a.kind.declaration == b.kind.declaration && a.values == b.values
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(kind.declaration.name)
        hasher.combine(values)
    }
}
