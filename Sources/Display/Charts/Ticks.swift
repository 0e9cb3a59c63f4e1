import Foundation

/// Round places along an axis: multiples of 1, 2 or 5 times a power of ten.
package enum Ticks {
    /// Those within a range, at most `limit` of them.
    ///
    /// - `isWhole`: only whole numbers.
    package static func places(in range: ClosedRange<Double>, limit: Int, isWhole: Bool = false) -> [Double] {
        let span = range.upperBound - range.lowerBound
        guard span.isFinite, span > 0, limit > 0 else { return [range.lowerBound] }
        for step in steps(from: span / Double(limit), isWhole: isWhole) {
            let first = (range.lowerBound / step - 1e-9).rounded(.up)
            let last = (range.upperBound / step + 1e-9).rounded(.down)
            guard last - first < Double(limit) else { continue }
            return first > last
                ? [] : stride(from: first, through: last, by: 1).map { $0 == 0 ? 0 : $0 * step }
        }
        return [range.lowerBound, range.upperBound]
    }

    /// A range widened to round ends, with the distance of the places between them.
    ///
    /// - `parts`: so many distances at most.
    package static func widened(_ range: ClosedRange<Double>, parts: Int) -> (
        range: ClosedRange<Double>, step: Double
    ) {
        let least = max(abs(range.upperBound), abs(range.lowerBound), 1e-12) * 0.05
        let span = max(range.upperBound - range.lowerBound, least)
        for step in steps(from: span / Double(parts)) {
            let low = floor(range.lowerBound / step + 1e-9)
            let high = max(low + 1, ceil((range.lowerBound + span) / step - 1e-9))
            if high - low <= Double(parts) { return (low * step...high * step, step) }
        }
        return (range.lowerBound...range.lowerBound + span, span)
    }

    /// Round distances in rising order, the first at most `length`.
    private static func steps(from length: Double, isWhole: Bool = false) -> [Double] {
        let power = pow(10, floor(log10(length)))
        return [1, 2, 5, 10, 20, 50].map { (isWhole ? max(1, power) : power) * $0 }
    }
}
