import Diagnostics
import Synchronization
import Tensors

/// One named tensor of a model or an adapter, shared read-only by all workers during a pass.
package final class Parameter: @unchecked Sendable {
    package let name: String
    /// As in the checkpoint, outermost first.
    package let shape: [Int]
    /// Dense values, or nil while the tensor is only kept as stored.
    package var buffer: Buffer? { held.withLock { $0 } }
    /// Workers may ask for dense values at the same time: one of them expands.
    private let held: Mutex<Buffer?>
    /// The tensor as it lies in its file, expanded a panel at a time.
    package let stored: StoredTensor?
    private let rowOrder: [Int]?
    package var isTrainable = false
    /// Whether `restore` must bring first values back although no file holds them.
    package var isRestorable = false
    private var isChanged = false
    private var original: Buffer?

    package init(name: String, shape: [Int], buffer: Buffer) {
        self.name = name
        self.shape = shape
        held = Mutex(buffer)
        stored = nil
        rowOrder = nil
    }

    /// - `rowOrder`: where each row lies in the file, when not in order (GGUF's queries and keys).
    package init(name: String, stored: StoredTensor, shape: [Int]? = nil, rowOrder: [Int]? = nil) {
        self.name = name
        self.stored = stored
        self.shape = shape ?? stored.shape
        self.rowOrder = rowOrder
        held = Mutex(nil)
    }

    package var count: Int { shape.reduce(1, *) }
    package var columns: Int { shape.last ?? 1 }
    package var rows: Int { columns == 0 ? 0 : count / columns }

    /// The values as floats: mapped memory where the file holds just these, else expanded now.
    package func dense() -> Buffer {
        held.withLock { held in
            if let held { return held }
            let values = mapped() ?? Buffer(count: count)
            if values.isOwned { expand(0..<rows, into: values) }
            held = values
            return values
        }
    }

    /// Values that may be written: a copy of what a mapped file holds.
    package func writable() -> Buffer {
        let values = dense()
        if isChanged { return values }
        isChanged = true
        // A tensor without a file is kept as it was made; adapters and heads are never restored.
        if stored != nil, values.isOwned { return values }
        if stored == nil, !isRestorable { return values }
        if stored == nil { original = values }
        let copy = values.copy()
        replace(with: copy)
        stored?.releasePages()
        return copy
    }

    /// Takes back every change: values as loaded, or as first made.
    package func restore() {
        if stored != nil, buffer?.isOwned == true, isChanged {
            held.withLock { $0 = nil }
            _ = dense()
        } else if let original {
            replace(with: original)
        }
        original = nil
        isChanged = false
    }

    /// What a parameter holds at one moment, without a copy of its values.
    package struct Moment: Sendable {
        fileprivate let buffer: Buffer?
        fileprivate let original: Buffer?
        fileprivate let isChanged: Bool
        fileprivate let isTrainable: Bool
    }

    /// To go back to what was held before, when a change fails.
    package var moment: Moment {
        get { Moment(buffer: buffer, original: original, isChanged: isChanged, isTrainable: isTrainable) }
        set {
            held.withLock { $0 = newValue.buffer }
            original = newValue.original
            (isChanged, isTrainable) = (newValue.isChanged, newValue.isTrainable)
        }
    }

    /// Writes over the values in place, as an optimizer does.
    package func overwrite(with values: Buffer) {
        precondition(values.count == count, "\(name): \(values.count) values for \(count)")
        writable().pointer.update(from: values.pointer, count: count)
    }

    /// The values that `restore` would bring back, whatever has been made of them since.
    package func pristine() -> Buffer {
        if let original { return original }
        if let buffer, !isChanged || stored == nil { return buffer }
        let values = mapped() ?? Buffer(count: count)
        if values.isOwned { expand(0..<rows, into: values) }
        return values
    }

    package func replace(with values: Buffer) {
        precondition(values.count == count, "\(name): \(values.count) values for \(count)")
        held.withLock { $0 = values }
    }

    /// Rows `range` as floats: a view where they are dense or lie so in the file, else expanded
    /// into `scratch`.
    package func rows(_ range: Range<Int>, scratch: () -> Buffer) -> UnsafePointer<Float> {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "\(name): rows \(range) of \(rows)")
        if let start = buffer.map({ UnsafePointer($0.pointer) }) ?? mappedStart {
            return start + range.lowerBound * columns
        }
        let room = scratch()
        expand(range, into: room)
        return UnsafePointer(room.pointer)
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
