import CVectorMath

/// How far two weights of one shape are apart, each the root of a sum of squares.
package struct WeightDifference: Sendable, Hashable {
    /// Of their differences.
    package private(set) var apart = 0.0
    /// Of the first one's values.
    package private(set) var size = 0.0
    package let count: Int

    private static let panel = 1 << 20

    /// A panel of rows at a time.
    package init(_ one: any WeightStorage, _ other: any WeightStorage) {
        precondition(one.shape == other.shape, "\(one.shape) and \(other.shape)")
        count = one.count
        let (rows, columns) = (one.rows, one.columns)
        let step = max(1, Self.panel / max(1, columns))
        let room = min(step, max(1, rows)) * columns
        let (ours, theirs) = (Buffer(count: room), Buffer(count: room))
        var (squares, own) = (0.0, 0.0)
        for first in stride(from: 0, to: rows, by: step) {
            let range = first..<min(rows, first + step)
            one.expand(rows: range, into: ours.pointer)
            other.expand(rows: range, into: theirs.pointer)
            let values = range.count * columns
            own += lk_sum_of_squares(ours.pointer, values)
            lk_add_scaled(theirs.pointer, ours.pointer, -1, values)
            squares += lk_sum_of_squares(theirs.pointer, values)
        }
        (apart, size) = (squares.squareRoot(), own.squareRoot())
    }

    /// As a share of the first one's size; 0 where there is no difference.
    package var share: Double { apart == 0 ? 0 : apart / size }

    /// Whether it is no more than packing brings.
    package func isExplained(by format: NumberFormat) -> Bool {
        let (relative, absolute) = format.packingError
        let most = relative * size
        return apart * apart <= most * most + Double(count) * absolute * absolute
    }
}
