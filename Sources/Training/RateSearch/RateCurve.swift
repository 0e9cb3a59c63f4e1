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

    /// Those that are shown: without the last five, where there are more than a few.
    package var shown: ArraySlice<Point> { points.count > 20 ? points.dropLast(5) : points[...] }

    /// The lowest of the smoothed losses that are shown.
    package var lowest: Point? { shown.min { $0.smoothed < $1.smoothed } }

    package enum Fall: Sendable, Hashable {
        /// Too few losses to tell.
        case unknown
        case none
        case found
    }

    /// Whether some rate was of use: the mean of a few losses in a row came further below that of the first ones than
    /// losses differ by chance, as each does from the next.
    ///
    /// fastai suggests a rate of any curve, also where the loss only rises, or nothing can be learned.
    package func fall() -> Fall {
        // Where an end came early there are fewer to take the mean of.
        let window = min(max(Self.few, planned / 10), points.count / 2)
        guard window >= Self.few else { return .unknown }
        let losses = points.map(\.loss)
        var sum = losses.prefix(window).reduce(0, +)
        let first = sum
        var lowest = (sum: sum, place: 0)
        for place in 0..<losses.count - window {
            sum += losses[place + window] - losses[place]
            if sum < lowest.sum { lowest = (sum, place + 1) }
        }
        let steps = Array(zip(losses, losses.dropFirst()).prefix(lowest.place + window - 1))
        let variance = steps.reduce(0) { $0 + pow($1.1 - $1.0, 2) } / Double(2 * steps.count)
        let fallen = (first - lowest.sum) / Double(window)
        return fallen > Self.chance * (variance / Double(window)).squareRoot() ? .found : .none
    }

    /// Of a mean of a few losses, so many standard errors: of losses that vary by chance alone one curve in a few hundred
    /// comes so far.
    private static let chance = 6.0
}
