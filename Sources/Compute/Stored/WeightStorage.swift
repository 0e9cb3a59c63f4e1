/// A weight's values, in whatever form they lie: rows of them become floats when they are needed.
///
/// What is held so never changes; several workers read it at once.
package protocol WeightStorage: Sendable {
    /// As in the checkpoint, outermost first; empty for a scalar.
    var shape: [Int] { get }
    /// Bytes that the values take where they lie, in memory or in a file.
    var byteCount: Int { get }
    /// All values as floats, where they lie just so: nothing is expanded, nothing copied.
    var dense: Buffer? { get }

    /// Writes rows as floats, `range.count × columns` of them.
    func expand(rows range: Range<Int>, into destination: UnsafeMutablePointer<Float>)

    /// Lets the system drop what can be read from its file again.
    func releasePages()

    /// The tensor of a file, for its name and place; nil for what is no file's.
    var tensor: StoredTensor? { get }
    /// A row of a quantised tensor as it lies, which is the same on every processor; nil for other formats.
    func blocks(ofRow row: Int) -> [UInt8]?

    /// The table of four-bit values, whose scales lie elsewhere than in the tensor; nil for other forms.
    var quantisation: FourBitKind? { get }
    /// Whether what lies together are the columns of `shape`.
    var liesTransposed: Bool { get }
    /// Writes columns as rows, `range.count × rows` floats of the transposed matrix; only where it lies so.
    func expandTransposed(columns range: Range<Int>, into destination: UnsafeMutablePointer<Float>)
}

extension WeightStorage {
    package var tensor: StoredTensor? { nil }
    package func blocks(ofRow row: Int) -> [UInt8]? { nil }
    package var quantisation: FourBitKind? { nil }
    package var liesTransposed: Bool { false }
    package func expandTransposed(columns range: Range<Int>, into destination: UnsafeMutablePointer<Float>) {
        preconditionFailure("rows of \(shape) lie together, not its columns")
    }
    package var count: Int { shape.reduce(1, *) }
    /// The last dimension; 1 for a scalar.
    package var columns: Int { shape.last ?? 1 }
    /// The product of the other dimensions.
    package var rows: Int { shape.dropLast().reduce(1, *) }

    /// All values as floats: what lies so, or expanded into memory of the pool.
    package func floats() -> Buffer {
        if let dense { return dense }
        let values = Buffer(count: count)
        expand(rows: 0..<rows, into: values.pointer)
        return values
    }

    /// Reads rows as floats: a view where they lie so, else expanded into `scratch`. The pointer is good
    /// while `body` runs.
    package func withRows(
        _ range: Range<Int>, scratch: @autoclosure () -> Buffer, _ body: (UnsafePointer<Float>) throws -> Void
    ) rethrows {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
        if let dense {
            return try withExtendedLifetime(dense) {
                try body(UnsafePointer(dense.pointer) + range.lowerBound * columns)
            }
        }
        let room = scratch()
        precondition(room.count >= range.count * columns, "\(room.count) values for \(range) × \(columns)")
        expand(rows: range, into: room.pointer)
        try body(UnsafePointer(room.pointer))
    }
}
