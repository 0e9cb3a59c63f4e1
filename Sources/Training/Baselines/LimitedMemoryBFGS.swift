import Diagnostics

/// Finds where a smooth convex function is least: steps along an estimate of its curvature made from the last few steps
/// (L-BFGS; Nocedal 1980).
package struct LimitedMemoryBFGS: Sendable {
    /// Steps that are remembered.
    package var memory = 10
    package var mostSteps = 500
    /// It ends where no number of the gradient is larger.
    package var tolerance = 1e-6

    package init() {}

    package struct Outcome: Sendable {
        package var values: [Double]
        package var steps: Int
        /// Whether the gradient became as small as asked for.
        package var isConverged: Bool
    }

    private struct Pair {
        /// How the values and the gradient changed, and the product of both.
        let step: [Double]
        let change: [Double]
        let product: Double
    }

    /// - `function`: its value, and its gradient.
    /// - Throws: `Interrupted`; what the function throws.
    package func minimum(
        from start: [Double], interruption: Interruption,
        of function: ([Double]) throws -> (value: Double, gradient: [Double])
    ) throws -> Outcome {
        var values = start
        var (value, gradient) = try function(values)
        var pairs: [Pair] = []
        for count in 0..<mostSteps {
            try interruption.check()
            if gradient.allSatisfy({ abs($0) <= tolerance }) {
                return Outcome(values: values, steps: count, isConverged: true)
            }
            var direction = Self.direction(gradient, pairs)
            var slope = Self.product(direction, gradient)
            // What rounding has turned uphill begins anew.
            if slope >= 0 {
                pairs = []
                direction = gradient.map(-)
                slope = -Self.product(gradient, gradient)
            }
            var length = pairs.isEmpty ? min(1, 1 / (-slope).squareRoot()) : 1.0
            var next = (values: values, value: value, gradient: gradient)
            var isLower = false
            // Halved until it falls as much as the slope promises, in part (Armijo 1966).
            for _ in 0..<40 {
                next.values = zip(values, direction).map { $0 + length * $1 }
                (next.value, next.gradient) = try function(next.values)
                isLower = next.value <= value + 1e-4 * length * slope
                if isLower { break }
                length /= 2
            }
            guard isLower else { return Outcome(values: values, steps: count, isConverged: false) }
            let step = zip(next.values, values).map { $0 - $1 }
            let change = zip(next.gradient, gradient).map { $0 - $1 }
            let product = Self.product(step, change)
            if product > 1e-10 * Self.product(change, change) {
                pairs.append(Pair(step: step, change: change, product: product))
                if pairs.count > memory { pairs.removeFirst() }
            }
            (values, value, gradient) = (next.values, next.value, next.gradient)
        }
        return Outcome(values: values, steps: mostSteps, isConverged: false)
    }

    /// The two loops over what is remembered.
    private static func direction(_ gradient: [Double], _ pairs: [Pair]) -> [Double] {
        var direction = gradient.map(-)
        var factors: [Double] = []
        for pair in pairs.reversed() {
            let factor = product(pair.step, direction) / pair.product
            add(pair.change, times: -factor, to: &direction)
            factors.append(factor)
        }
        if let last = pairs.last {
            let scale = last.product / product(last.change, last.change)
            for index in direction.indices { direction[index] *= scale }
        }
        for (pair, factor) in zip(pairs, factors.reversed()) {
            add(pair.step, times: factor - product(pair.change, direction) / pair.product, to: &direction)
        }
        return direction
    }

    private static func product(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for index in a.indices { sum += a[index] * b[index] }
        return sum
    }

    private static func add(_ other: [Double], times factor: Double, to numbers: inout [Double]) {
        for index in numbers.indices { numbers[index] += factor * other[index] }
    }
}
