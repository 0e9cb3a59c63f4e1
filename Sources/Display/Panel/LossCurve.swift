/// Losses by step as they come in, each with the mean that runs along with them.
package struct LossCurve: Sendable {
    package struct Point: Sendable, Hashable {
        package var step: Int
        package var loss: Double

        package init(step: Int, loss: Double) { (self.step, self.loss) = (step, loss) }
    }

    /// How much of the mean each step leaves.
    private let keep: Double
    private var steps: [Point] = []
    private var means: [Double] = []
    /// The lowest and the highest mean.
    package private(set) var range: ClosedRange<Double>?

    /// - `planned`: steps of the whole run; the mean runs over about a fiftieth of them, at least five.
    package init(planned: Int) { keep = 1 - 1 / max(5, Double(planned) / 50) }

    package var count: Int { steps.count }

    /// The last step with the mean there.
    package var last: Point? {
        guard let step = steps.last, let mean = means.last else { return nil }
        return Point(step: step.step, loss: mean)
    }

    /// Takes the next step; a loss that is no number leaves a gap.
    package mutating func append(step: Int, loss: Double) {
        guard loss.isFinite else { return }
        let mean = means.last.map { keep * $0 + (1 - keep) * loss } ?? loss
        steps.append(Point(step: step, loss: loss))
        means.append(mean)
        range = range.map { min($0.lowerBound, mean)...max($0.upperBound, mean) } ?? mean...mean
    }

    /// The losses in at most `limit` points: of each stretch the lowest and the highest, so that spikes stay.
    package func losses(limit: Int) -> [Point] {
        guard steps.count > limit else { return steps }
        return stretches(limit / 2).flatMap { stretch -> [Point] in
            let part = steps[stretch]
            guard let low = part.min(by: { $0.loss < $1.loss }),
                let high = part.max(by: { $0.loss < $1.loss })
            else { return [] }
            return low.step == high.step ? [low] : low.step < high.step ? [low, high] : [high, low]
        }
    }

    /// The running mean in at most `limit` points, the last one among them.
    package func smoothed(limit: Int) -> [Point] {
        guard steps.count > limit else { return zip(steps, means).map { Point(step: $0.step, loss: $1) } }
        return stretches(limit).map { stretch in
            Point(step: steps[stretch.upperBound - 1].step, loss: means[stretch.upperBound - 1])
        }
    }

    private func stretches(_ count: Int) -> [Range<Int>] {
        (0..<count).map { (steps.count * $0 / count)..<(steps.count * ($0 + 1) / count) }
    }
}
