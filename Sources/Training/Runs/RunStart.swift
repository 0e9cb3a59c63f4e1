/// How far training over the same weights had come when a run began: order and random numbers go on from there.
package struct RunStart: Sendable, Hashable, Codable {
    /// Updates of earlier runs.
    package var steps: Int
    /// Passes over the examples that earlier runs began: one that was cut counts as a whole one, since the next run
    /// begins a pass, in an order of its own.
    package var epochs: Int

    package init(steps: Int = 0, epochs: Int = 0) { (self.steps, self.epochs) = (steps, epochs) }
}
