import Foundation

/// Rates that rise by the same factor from update to update, as fastai's `SchedExp` has them.
package struct RateRange: Sendable, Hashable {
    package let from, to: Double
    package let steps: Int

    package init(from: Double, to: Double, steps: Int) {
        (self.from, self.to, self.steps) = (from, to, max(1, steps))
    }

    /// `from · (to / from)^(step / steps)`: the first is `from`, and `to` would be the one after the last.
    package func rate(at step: Int) -> Double { from * pow(to / from, Double(step) / Double(steps)) }
}
