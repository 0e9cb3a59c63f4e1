import Compute
import Diagnostics
import Synchronization

/// One named tensor of a model or of a tuning, read by all workers during a pass.
///
/// A model's never change. A tuning's are written by the one run that has them.
package final class Parameter: @unchecked Sendable {
    package let name: String
    /// As in the checkpoint, outermost first.
    package let shape: [Int]
    /// Dense values, or nil while they are only in their storage.
    package var buffer: Buffer? { held.withLock { $0 } }
    /// Workers may ask for dense values at the same time: one of them expands.
    private let held: Mutex<Buffer?>
    /// Where the values come from and can be had again; nil for those that are only here.
    private let storage: (any WeightStorage)?
    /// Whether they stay there, and are expanded a panel at a time.
    private let staysStored: Bool

    package init(name: String, shape: [Int], buffer: Buffer) {
        precondition(buffer.count == shape.reduce(1, *), "\(name): \(buffer.count) values for \(shape)")
        self.name = name
        self.shape = shape
        held = Mutex(buffer)
        storage = nil
        staysStored = false
    }

    /// - `staysStored`: whether dense values are made a panel at a time; else they are made when first asked for.
    package init(name: String, storage: any WeightStorage, staysStored: Bool = true) {
        self.name = name
        self.storage = storage
        self.staysStored = staysStored
        shape = storage.shape
        held = Mutex(nil)
    }

    /// The tensor of its file; nil for one that is no file's.
    package var stored: StoredTensor? { storage?.tensor }

    /// Its values in whatever form they lie.
    package var source: any WeightStorage { storage ?? DenseWeights(shape: shape, values: dense()) }

    /// The table of four-bit values that its storage has; nil for another storage, and for none.
    package var quantisation: FourBitKind? { storage?.quantisation }

    /// Bytes that its values take: floats that are kept, or else what floats are made from.
    package var heldByteCount: Int { buffer == nil ? storage?.byteCount ?? 0 : 4 * count }

    /// The form of what is held: `F32`, `Q4_1`, `NF4`.
    package var heldForm: String {
        let floats = NumberFormat.f32
        guard buffer == nil else { return floats.displayName }
        return quantisation?.displayName ?? (stored?.format ?? floats).displayName
    }

    package var count: Int { shape.reduce(1, *) }
    package var columns: Int { shape.last ?? 1 }
    package var rows: Int { columns == 0 ? 0 : count / columns }

    /// Whether products are to expand it a panel at a time.
    package var isPanelled: Bool { staysStored && buffer == nil }

    /// The values as floats: where they lie if they lie just so, else expanded now and kept.
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
        guard let storage else { preconditionFailure("\(name) has no values") }
        return storage.floats()
    }

    // MARK: - A tuning's own

    /// A parameter of the same name and values; memory is shared until one of the two writes.
    package func copy() -> Parameter { Parameter(name: name, shape: shape, buffer: values()) }

    /// A parameter of the same name and values, to be written.
    ///
    /// Values that the storage can bring back are handed over, so that nothing is held twice: this one expands
    /// them anew when it is asked again.
    ///
    /// What is held in four bits is not expanded: whoever trains refuses it (`AttachedMethod`).
    package func successor() -> Parameter {
        if buffer == nil, let storage, storage.quantisation != nil {
            return Parameter(name: name, storage: storage)
        }
        let taken = held.withLock { held -> Buffer? in
            guard storage != nil, held?.isOwned == true, isKnownUniquelyReferenced(&held) else { return nil }
            defer { held = nil }
            return held
        }
        if let taken { return Parameter(name: name, shape: shape, buffer: taken) }
        let values = values()
        guard !values.isOwned else { return Parameter(name: name, shape: shape, buffer: values) }
        defer { storage?.releasePages() }
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

    /// Whether a layer's products are to expand it a panel at a time. Floats that lie in a file input by input are
    /// as good as in memory.
    func isExpanded(_ layout: WeightLayout) -> Bool {
        isPanelled && (liesByOutputs(layout) || storage?.dense == nil)
    }

    /// Whether a layer's weights lie output by output, so that panels of them are; else they are of inputs.
    func liesByOutputs(_ layout: WeightLayout) -> Bool {
        (layout == .inByOut) == (storage?.liesTransposed ?? false)
    }

    /// Reads the weights of some outputs as floats, (outputs, inputs), whichever way round `shape` is; only where it
    /// `liesByOutputs`.
    func withOutputs(
        _ range: Range<Int>, _ layout: WeightLayout, scratch: Buffer, _ body: (UnsafePointer<Float>) -> Void
    ) {
        guard layout == .inByOut, let storage else { return withRows(range, scratch: scratch, body) }
        storage.expandTransposed(columns: range, into: scratch.pointer)
        body(UnsafePointer(scratch.pointer))
    }

    /// Reads rows `range` as floats: a view where they are dense or lie so, else expanded into `scratch`. Nobody
    /// writes them while `body` runs: a successor leaves them be.
    package func withRows(
        _ range: Range<Int>, scratch: @autoclosure () -> Buffer, _ body: (UnsafePointer<Float>) throws -> Void
    ) rethrows {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "\(name): rows \(range) of \(rows)")
        guard let held = buffer else {
            guard let storage else { preconditionFailure("\(name) has no values") }
            return try storage.withRows(range, scratch: scratch(), body)
        }
        try withExtendedLifetime(held) {
            try body(UnsafePointer(held.pointer) + range.lowerBound * columns)
        }
    }

    /// A row to tell models apart by: as it lies in its storage, or as floats.
    package func bytes(ofRow row: Int) -> [UInt8] {
        if let bytes = storage?.blocks(ofRow: row) { return bytes }
        let scratch = Buffer(count: columns)
        var bytes: [UInt8] = []
        withRows(row..<row + 1, scratch: scratch) {
            bytes = Array(UnsafeRawBufferPointer(start: $0, count: 4 * columns))
        }
        return bytes
    }
}
