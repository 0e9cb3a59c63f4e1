import CVectorMath

/// A run of floats at a fixed address: 64-byte aligned memory of the pool, or part of a mapped file.
///
/// Whoever holds the last reference gives pooled memory back. Contents start undefined.
package final class Buffer: @unchecked Sendable {
    package let pointer: UnsafeMutablePointer<Float>
    /// Floats in use; the pool may have set aside more.
    package let count: Int

    private let capacity: Int
    private let owner: (any Sendable)?

    /// Undefined contents from the pool.
    package init(count: Int) {
        (pointer, capacity) = BufferPool.shared.take(count)
        self.count = count
        owner = nil
    }

    /// Floats that lie in memory which `owner` keeps alive, such as a mapped file; never written.
    package init(borrowing pointer: UnsafePointer<Float>, count: Int, owner: any Sendable) {
        self.pointer = UnsafeMutablePointer(mutating: pointer)
        self.count = count
        self.owner = owner
        capacity = 0
    }

    package convenience init(zeros count: Int) {
        self.init(count: count)
        pointer.update(repeating: 0, count: count)
    }

    package convenience init(_ values: [Float]) {
        self.init(count: values.count)
        values.withUnsafeBufferPointer { source in
            if let start = source.baseAddress { pointer.update(from: start, count: count) }
        }
    }

    deinit {
        if capacity > 0 { BufferPool.shared.give(pointer, capacity: capacity) }
    }

    /// Whether the memory belongs to this buffer, and so may be written.
    package var isOwned: Bool { owner == nil }

    package func copy() -> Buffer {
        let other = Buffer(count: count)
        other.pointer.update(from: pointer, count: count)
        return other
    }

    package var floats: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

    package func withFloats<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result
    {
        try body(UnsafeBufferPointer(start: pointer, count: count))
    }
}

extension Buffer {
    /// Adds another buffer's values to these.
    package func add(_ other: Buffer) { lk_add(pointer, other.pointer, min(count, other.count)) }

    package var sumOfSquares: Double { lk_sum_of_squares(pointer, count) }
}
