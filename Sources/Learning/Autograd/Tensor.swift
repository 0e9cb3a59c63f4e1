import Compute

/// A matrix of activations, (rows, columns) in row-major order, and its place in the graph.
///
/// A row is a token, a sequence or a single vector. Untracked tensors have no slot: nothing is
/// recorded for them and their memory goes back as soon as the last user is done.
package struct Tensor: @unchecked Sendable {
    package let rows: Int
    package let columns: Int
    package let buffer: Buffer
    package let slot: GradientSlot?
    /// Whether no earlier operation reads the contents again, so that a later one may write over
    /// them in place of new memory.
    package let isDisposable: Bool
    /// Computes the contents once more, where that costs little beside keeping them.
    private let remake: (() -> Buffer)?

    package init(
        rows: Int, columns: Int, buffer: Buffer, slot: GradientSlot? = nil, isDisposable: Bool = false,
        remake: (() -> Buffer)? = nil
    ) {
        precondition(
            buffer.count >= rows * columns, "\(rows) × \(columns) values in \(buffer.count) floats")
        self.rows = rows
        self.columns = columns
        self.buffer = buffer
        self.slot = slot
        self.isDisposable = isDisposable
        self.remake = remake
    }

    package init(_ values: [Float], rows: Int, columns: Int) {
        self.init(rows: rows, columns: columns, buffer: Buffer(values))
    }

    package var count: Int { rows * columns }
    /// What a backward function keeps to have the contents when its turn comes.
    package var kept: () -> Buffer { remake ?? { [buffer] in buffer } }
    package var isTracked: Bool { slot != nil }
    package var pointer: UnsafeMutablePointer<Float> { buffer.pointer }
    package subscript(row: Int, column: Int) -> Float {
        precondition(
            row >= 0 && row < rows && column >= 0 && column < columns,
            "(\(row), \(column)) of \(rows) × \(columns)")
        return buffer.pointer[row * columns + column]
    }

    package var floats: [Float] { Array(UnsafeBufferPointer(start: buffer.pointer, count: count)) }
}
