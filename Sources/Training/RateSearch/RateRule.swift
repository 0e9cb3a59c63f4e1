import Foundation

/// How a rate is found from losses at rising rates: fastai's `SuggestionMethod`.
package enum RateRule: String, Sendable, CaseIterable {
    case valley, steep, minimum

    package var summary: String {
        switch self {
        case .valley: "half way down the longest descent"
        case .steep: "where the loss falls fastest"
        case .minimum: "a tenth of the rate with the lowest loss"
        }
    }

    /// Nil of too few points.
    package func rate(of curve: RateCurve) -> Double? {
        let points = Array(curve.judged)
        guard points.count >= 3 else { return nil }
        switch self {
        case .valley: return points[Self.valley(points.map(\.smoothed))].rate
        case .steep:
            let slopes = points.indices.dropFirst().map { index in
                (points[index].smoothed - points[index - 1].smoothed)
                    / (log(points[index].rate) - log(points[index - 1].rate))
            }
            return slopes.indices.min { slopes[$0] < slopes[$1] }.map { points[$0].rate }
        case .minimum: return points.min { $0.smoothed < $1.smoothed }.map { $0.rate / 10 }
        }
    }

    /// The place half way down the longest valley.
    ///
    /// Its length is that of the longest falling subsequence; it is taken to end where that ends, and to begin so many
    /// places before. The place is a third and a sixth of the way, each rounded down.
    private static func valley(_ losses: [Double]) -> Int {
        var lengths = [Int](repeating: 1, count: losses.count)
        var (start, end) = (0, 0)
        for index in losses.indices {
            for earlier in 0..<index {
                if losses[index] < losses[earlier], lengths[index] < lengths[earlier] + 1 {
                    lengths[index] = lengths[earlier] + 1
                }
                if lengths[end] < lengths[index] {
                    end = index
                    start = end - lengths[end]
                }
            }
        }
        let section = Double(end - start) / 3
        // Of losses that fall from first to last fastai's start is one before the first.
        return max(0, start + Int(section) + Int(section / 2))
    }
}
