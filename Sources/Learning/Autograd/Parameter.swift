import Diagnostics
import Synchronization
import Tensors

/// One named tensor of a model or of a tuning, read by all workers during a pass.
///
/// A model's never change. A tuning's are written by the one run that has them.
package final class Parameter: @unchecked Sendable {
    package let name: String
    /// As in the checkpoint, outermost first.
    package let shape: [Int]
    /// Dense values, or nil while the tensor is only kept as stored.
    package var buffer: Buffer? { held.withLock { $0 } }
    /// Workers may ask for dense values at the same time: one of them expands.
    private let held: Mutex<Buffer?>
    /// The tensor as it lies in its file.
    package let stored: StoredTensor?
    private let rowOrder: [Int]?
    /// Whether it is kept as stored, and expanded a panel at a time.
    private let keepsStored: Bool

    package init(name: String, shape: [Int], buffer: Buffer) {
        self.name = name
        self.shape = shape
        held = Mutex(buffer)
        stored = nil
        rowOrder = nil
        keepsStored = false
    }

    /// - `keepsStored`: whether dense values are made a panel at a time; else they are made when first asked for.
    /// - `rowOrder`: where each row lies in the file, when not in order (GGUF's queries and keys).
    package init(
        name: String, stored: StoredTensor, shape: [Int]? = nil, rowOrder: [Int]? = nil,
        keepsStored: Bool = true
    ) {
        self.name = name
        self.stored = stored
        self.shape = shape ?? stored.shape
        self.rowOrder = rowOrder
        self.keepsStored = keepsStored
        held = Mutex(nil)
    }

    package var count: Int { shape.reduce(1, *) }
    package var columns: Int { shape.last ?? 1 }
    package var rows: Int { columns == 0 ? 0 : count / columns }

    /// Whether products are to expand it a panel at a time.
    package var isPanelled: Bool { keepsStored && buffer == nil }

    /// The values as floats: mapped memory where the file holds just these, else expanded now and kept.
    package func dense() -> Buffer {
        held.withLock { held in
            if let held { return held }
            let values = expanded()
            held = values
            return values
        }
    }

    /// As `dense`, without keeping what had to be expanded.
    package func values() -> Buffer { buffer ?? expanded() }

    private func expanded() -> Buffer {
        if let mapped = mapped() { return mapped }
        let values = Buffer(count: count)
        expand(0..<rows, into: values)
        return values
    }

    // MARK: - A tuning's own

    /// A parameter of the same name and values; memory is shared until one of the two writes.
    package func copy() -> Parameter { Parameter(name: name, shape: shape, buffer: values()) }

    /// A parameter of the same name and values, to be written.
    ///
    /// Values that the file can bring back are handed over, so that nothing is held twice: this one expands
    /// them anew when it is asked again.
    package func successor() -> Parameter {
        let taken = held.withLock { held -> Buffer? in
            guard stored != nil, held?.isOwned == true, isKnownUniquelyReferenced(&held) else { return nil }
            defer { held = nil }
            return held
        }
        if let taken { return Parameter(name: name, shape: shape, buffer: taken) }
        let values = values()
        guard !values.isOwned else { return Parameter(name: name, shape: shape, buffer: values) }
        defer { stored?.releasePages() }
        return Parameter(name: name, shape: shape, buffer: values.copy())
    }

    /// Values that may be written: those that are shared with another parameter, or lie in a file, are copied.
    package func writable() -> Buffer {
        held.withLock { held in
            if held?.isOwned == true, isKnownUniquelyReferenced(&held), let values = held { return values }
            let values = (held ?? expanded()).copy()
            held = values
            return values
        }
    }

    /// Takes other values, which nobody else writes.
    package func replace(with values: Buffer) {
        precondition(values.count == count, "\(name): \(values.count) values for \(count)")
        held.withLock { $0 = values }
    }

    // MARK: - Rows

    /// Reads rows `range` as floats: a view where they are dense or lie so in the file, else expanded
    /// into `scratch`. Nobody writes them while `body` runs: a successor leaves them be.
    package func withRows(
        _ range: Range<Int>, scratch: () -> Buffer, _ body: (UnsafePointer<Float>) throws -> Void
    ) rethrows {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "\(name): rows \(range) of \(rows)")
        if let held = buffer ?? mapped() {
            return try withExtendedLifetime(held) {
                try body(UnsafePointer(held.pointer) + range.lowerBound * columns)
            }
        }
        let room = scratch()
        expand(range, into: room)
        try body(UnsafePointer(room.pointer))
    }

    /// A row to tell models apart by: as floats, or as the blocks of a quantised file, which are the same on every
    /// processor.
    package func bytes(ofRow row: Int) -> [UInt8] {
        if let stored, shape.count > 1, stored.format.elementsPerBlock > 1 {
            return stored.bytes(ofRow: rowOrder?[row] ?? row)
        }
        let scratch = Buffer(count: columns)
        var bytes: [UInt8] = []
        withRows(row..<row + 1, scratch: { scratch }) {
            bytes = Array(UnsafeRawBufferPointer(start: $0, count: 4 * columns))
        }
        return bytes
    }

    private func expand(_ range: Range<Int>, into room: Buffer) {
        guard let stored else { preconditionFailure("\(name) has no values") }
        guard let rowOrder else { return stored.expand(rows: range, into: room.pointer) }
        guard shape.count > 1 else {
            // A vector is one row, and its order is that of its elements.
            let values = stored.floats()
            for (place, element) in rowOrder.enumerated() { room.pointer[place] = values[element] }
            return
        }
        for row in range {
            let place = room.pointer + (row - range.lowerBound) * columns
            stored.expand(rows: rowOrder[row]..<rowOrder[row] + 1, into: place)
        }
    }

    private func mapped() -> Buffer? {
        guard let stored, let mappedStart else { return nil }
        return Buffer(borrowing: mappedStart, count: count, owner: stored.file)
    }

    /// Where the file holds just these floats, if it does.
    private var mappedStart: UnsafePointer<Float>? {
        guard let stored, stored.format == .f32, rowOrder == nil, let start = stored.start,
            UInt(bitPattern: start) % 4 == 0
        else { return nil }
        return start.assumingMemoryBound(to: Float.self)
    }
}
