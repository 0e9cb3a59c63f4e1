import Diagnostics
import Tensors

/// One named tensor of a model or an adapter, shared read-only by all workers during a pass.
package final class Parameter: @unchecked Sendable {
    package let name: String
    /// As in the checkpoint, outermost first.
    package let shape: [Int]
    /// Dense values, or nil while the tensor is only kept as stored.
    package private(set) var buffer: Buffer?
    /// The tensor as it lies in its file, expanded a panel at a time.
    package let stored: StoredTensor?
    package var isTrainable = false

    package init(name: String, shape: [Int], buffer: Buffer) {
        self.name = name
        self.shape = shape
        self.buffer = buffer
        stored = nil
    }

    package init(name: String, stored: StoredTensor) {
        self.name = name
        shape = stored.shape
        self.stored = stored
        buffer = nil
    }

    package var count: Int { shape.reduce(1, *) }
    package var columns: Int { shape.last ?? 1 }
    package var rows: Int { columns == 0 ? 0 : count / columns }

    /// The values as floats, expanded now if they were only stored.
    package func dense() -> Buffer {
        if let buffer { return buffer }
        guard let stored else { preconditionFailure("\(name) has no values") }
        let expanded = Buffer(count: count)
        stored.expand(rows: 0..<rows, into: expanded.pointer)
        buffer = expanded
        return expanded
    }

    /// Values that may be written: a copy of what a mapped file holds.
    package func writable() -> Buffer {
        let values = dense()
        if values.isOwned { return values }
        let copy = values.copy()
        buffer = copy
        return copy
    }

    package func replace(with values: Buffer) {
        precondition(values.count == count, "\(name): \(values.count) values for \(count)")
        buffer = values
    }

    /// Rows `range` as floats: a view where they are dense, else expanded into `scratch`.
    package func rows(_ range: Range<Int>, scratch: () -> Buffer) -> UnsafePointer<Float> {
        if let buffer { return UnsafePointer(buffer.pointer + range.lowerBound * columns) }
        guard let stored else { preconditionFailure("\(name) has no values") }
        let room = scratch()
        stored.expand(rows: range, into: room.pointer)
        return UnsafePointer(room.pointer)
    }
}
