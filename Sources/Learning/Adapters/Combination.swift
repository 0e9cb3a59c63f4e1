import System

/// How several matrices that change one weight become one, as PEFT's `add_weighted_adapter` has it.
package struct Combination: Sendable {
    /// What is done with each matrix before they are added.
    package enum Rule: String, Sendable, CaseIterable {
        /// Nothing: the weighted sum.
        case linear
        /// The largest values alone, and of these the ones of the sign that most have (TIES, Yadav et al. 2023).
        case ties
        /// Values are dropped by chance, the others grow by as much (DARE, Yu et al. 2024).
        case dareLinear = "dare_linear"
        /// The same, and then as TIES (without its choice of the largest).
        case dareTies = "dare_ties"
        /// The largest values alone.
        case magnitudePrune = "magnitude_prune"

        package var prunes: Bool { self != .linear }
        package var drawsByChance: Bool { self == .dareLinear || self == .dareTies }
        package var electsSigns: Bool { self == .ties || self == .dareTies }
    }

    /// What makes a sign the majority's.
    package enum Majority: String, Sendable, CaseIterable {
        /// The sum of the values.
        case total
        /// Their number.
        case frequency
    }

    package let rule: Rule
    /// The share of values that stay (0…1).
    package let density: Double
    package let majority: Majority
    /// Of what is dropped by chance.
    package let seed: UInt64

    package init(_ rule: Rule, density: Double = 1, majority: Majority = .total, seed: UInt64 = 0) {
        (self.rule, self.density, self.majority, self.seed) = (rule, density, majority, seed)
    }

    /// One matrix of several of equal shape.
    ///
    /// - `weights`: one for each; `place`: what tells this draw from others.
    package func combined(_ matrices: [[Float]], weights: [Float], at place: String) -> [Float] {
        precondition(
            matrices.count == weights.count && Set(matrices.map(\.count)).count == 1,
            "\(matrices.map(\.count)) values with \(weights.count) weights")
        let kept = matrices.enumerated().map { pruned($1, at: "\(place) \($0)") }
        var result = [Float](repeating: 0, count: kept[0].count)
        for index in result.indices {
            var (sum, count): (Float, Float) = (0, 0)
            let positive = rule.electsSigns && isPositive(at: index, kept)
            for (values, weight) in zip(kept, weights) {
                if rule.electsSigns {
                    guard sign(values[index]) == (positive ? 1 : -1) else { continue }
                    count += 1
                }
                sum += values[index] * weight
            }
            result[index] = rule.electsSigns ? sum / max(count, 1) : sum
        }
        return result
    }

    /// Whether most values there are not negative; of weights it knows nothing, as PEFT's does not.
    private func isPositive(at index: Int, _ matrices: [[Float]]) -> Bool {
        switch majority {
        case .total: matrices.reduce(0) { $0 + $1[index] } >= 0
        case .frequency: matrices.reduce(0) { $0 + sign($1[index]) } >= 0
        }
    }

    private func sign(_ value: Float) -> Float { value > 0 ? 1 : value < 0 ? -1 : 0 }

    private func pruned(_ values: [Float], at place: String) -> [Float] {
        guard rule.prunes, density < 1 else { return values }
        guard rule.drawsByChance else {
            let count = Int(density * Double(values.count))
            var result = [Float](repeating: 0, count: values.count)
            for index in values.indices.sorted(by: { abs(values[$0]) > abs(values[$1]) }).prefix(count) {
                result[index] = values[index]
            }
            return result
        }
        var random = CounterRandom(seed: seed, purpose: "dare.\(place)")
        return values.map { random.uniform() < density ? $0 / Float(density) : 0 }
    }
}
