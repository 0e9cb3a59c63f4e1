import Foundation

/// Round places along an axis.
package enum Ticks {
    /// Multiples of 1, 2 or 5 × a power of ten within a range, at most `limit` of them.
    ///
    /// - `isWhole`: only whole numbers.
    package static func places(in range: ClosedRange<Double>, limit: Int, isWhole: Bool = false) -> [Double] {
        let span = range.upperBound - range.lowerBound
        guard span.isFinite, span > 0, limit > 0 else { return [range.lowerBound] }
        var step = pow(10, floor(log10(span / Double(limit))))
        if isWhole { step = max(1, step) }
        for factor in [1, 2, 5, 10, 20, 50] {
            let wide = step * Double(factor)
            let first = (range.lowerBound / wide - 1e-9).rounded(.up)
            let last = (range.upperBound / wide + 1e-9).rounded(.down)
            guard last - first < Double(limit) else { continue }
            return first > last
                ? [] : stride(from: first, through: last, by: 1).map { $0 == 0 ? 0 : $0 * wide }
        }
        return [range.lowerBound, range.upperBound]
    }
}
