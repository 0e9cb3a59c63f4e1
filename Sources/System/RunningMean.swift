/// The mean that runs along with the losses of a run: what is called its loss wherever one number stands for it, in the
/// panel, in its curve, in `runs` and in values.
package struct RunningMean: Sendable, Hashable {
    /// How much of the mean each step leaves.
    private let keep: Double
    /// nil before the first step.
    package private(set) var value: Double?

    /// - `planned`: steps of the whole run; the mean runs over about a fiftieth of them, at least five.
    package init(planned: Int) { keep = 1 - 1 / max(5, Double(planned) / 50) }

    /// Takes the next step's loss; one that is no number is passed over.
    ///
    /// - Returns: whether it was taken.
    @discardableResult
    package mutating func add(_ loss: Double) -> Bool {
        guard loss.isFinite else { return false }
        value = value.map { keep * $0 + (1 - keep) * loss } ?? loss
        return true
    }
}
