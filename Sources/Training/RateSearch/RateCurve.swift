import Foundation

/// Losses of updates at rising rates, and how far they have come (Smith 2015, as fastai's `lr_find` has it).
package struct RateCurve: Sendable, Hashable {
    package struct Point: Sendable, Hashable {
        package let rate: Double
        package let loss: Double
        /// The mean of the losses so far, of which older ones count less.
        package let smoothed: Double
    }

    package enum Ending: String, Sendable, Hashable {
        /// All rates were tried.
        case whole
        /// The smoothed loss had risen to four times the lowest.
        case rose
        /// The last few losses were on average what they had been at the beginning, after a quarter of that.
        ///
        /// fastai has no such end. Its mean remembers fifty losses: where few texts of a batch are hard, and clipped steps
        /// cannot blow up, it sees late that everything was unlearned, and its rules then look at what came after.
        case unlearned
        /// The loss or a gradient was no number any more.
        case notFinite
    }

    /// Updates that are planned.
    package let planned: Int
    package private(set) var points: [Point] = []
    /// nil while it goes on.
    package private(set) var ending: Ending?
    private var average = 0.0
    private var best = Double.infinity
    /// The lowest mean of a few losses in a row.
    private var bestOfFew = Double.infinity

    package init(planned: Int) { self.planned = planned }

    /// Each loss counts this much of the next one's weight.
    private static let memory = 0.98
    private static let rise = 4.0
    private static let few = 5

    package mutating func add(rate: Double, loss: Double) {
        average = loss + Self.memory * (average - loss)
        let smoothed = average / (1 - pow(Self.memory, Double(points.count + 1)))
        points.append(Point(rate: rate, loss: loss, smoothed: smoothed))
        best = min(best, smoothed)
        if smoothed > Self.rise * best {
            ending = .rose
        } else if isUnlearned() {
            ending = .unlearned
        } else if points.count >= planned {
            ending = .whole
        }
    }

    private mutating func isUnlearned() -> Bool {
        let first = max(Self.few, planned / 10)
        guard points.count > first else { return false }
        func mean(_ points: ArraySlice<Point>) -> Double {
            points.reduce(0) { $0 + $1.loss } / Double(points.count)
        }
        let now = mean(points.suffix(Self.few))
        bestOfFew = min(bestOfFew, now)
        return now > Self.rise * bestOfFew && now > mean(points.prefix(first))
    }

    package mutating func endWithoutNumber() { ending = .notFinite }

    /// Those that a suggestion is made of: without the first tenth, in which the mean settles, and the last five,
    /// which have blown up.
    package var judged: ArraySlice<Point> { points.dropLast(5).dropFirst(planned / 10) }

    /// The lowest of the smoothed losses, where it is among those that are judged.
    package var lowest: Point? { judged.min { $0.smoothed < $1.smoothed } }
}
