import System

/// Losses by step as they come in, each with the mean that runs along with them.
package struct LossCurve: Sendable, Hashable {
    package struct Point: Sendable, Hashable {
        package var step: Int
        package var loss: Double

        package init(step: Int, loss: Double) { (self.step, self.loss) = (step, loss) }
    }

    /// A step with its own loss and the mean there.
    struct Sample: Sendable, Hashable {
        var step: Int
        var loss, mean: Double
    }

    private var mean: RunningMean
    private var losses: [Double] = []
    private var samples: [Sample] = []
    /// The lowest and the highest mean.
    package private(set) var range: ClosedRange<Double>?

    /// - `planned`: steps of the whole run.
    package init(planned: Int) { mean = RunningMean(planned: planned) }

    package var count: Int { samples.count }

    /// The last step with the mean there.
    package var last: Point? { samples.last.map { Point(step: $0.step, loss: $0.mean) } }

    /// Takes the next step; a loss that is no number is passed over.
    package mutating func append(step: Int, loss: Double) {
        guard mean.add(loss), let mean = mean.value else { return }
        samples.append(Sample(step: step, loss: loss, mean: mean))
        losses.append(loss)
        range = range.map { min($0.lowerBound, mean)...max($0.upperBound, mean) } ?? mean...mean
    }

    /// About `limit` of the steps, spikes and the last one among them.
    func thinned(to limit: Int) -> [Sample] {
        Thinning.indices(of: losses, to: limit).map { samples[$0] }
    }
}
