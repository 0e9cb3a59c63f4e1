/// A weight on its way into a file: its rows in the file's order and number format, a panel at a time.
package struct PackedRows {
    private let source: any WeightStorage
    private let format: NumberFormat
    /// For each row of the file (of a vector: each element), the weight's own.
    private let order: [Int]?
    /// Whether the weight's columns become rows.
    private let transposes: Bool

    /// Values of a panel, or of one row.
    private static let panel = 1 << 18

    /// - `order`: nil for the weight's own; not of a weight that is transposed.
    package init(
        _ source: any WeightStorage, as format: NumberFormat, order: [Int]? = nil, transposes: Bool = false
    ) {
        precondition(order == nil || !transposes, "rows in another order and transposed")
        (self.source, self.format, self.order, self.transposes) = (source, format, order, transposes)
    }

    /// Hands over the bytes.
    ///
    /// - `afterPanel`: is called after each, and may end it.
    package func write(
        to sink: (UnsafeRawBufferPointer) throws -> Void, afterPanel: () throws -> Void = {}
    ) throws {
        if transposes { return try writeColumns(sink, afterPanel) }
        if source.shape.count < 2 { return try writeVector(sink) }
        let (rows, columns) = (source.rows, source.columns)
        let step = max(1, Self.panel / max(1, columns))
        let values = Buffer(count: min(step, max(1, rows)) * columns)
        for first in stride(from: 0, to: rows, by: step) {
            let range = first..<min(rows, first + step)
            if let order {
                for row in range {
                    let own = order[row]
                    source.expand(rows: own..<own + 1, into: values.pointer + (row - first) * columns)
                }
            } else {
                source.expand(rows: range, into: values.pointer)
            }
            try pack(values, range.count * columns, sink)
            try afterPanel()
        }
    }

    private func writeVector(_ sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        let own = source.floats()
        guard let order else { return try pack(own, own.count, sink) }
        let values = Buffer(count: own.count)
        for (place, element) in order.enumerated() { values.pointer[place] = own.pointer[element] }
        try pack(values, values.count, sink)
    }

    private func writeColumns(
        _ sink: (UnsafeRawBufferPointer) throws -> Void, _ afterPanel: () throws -> Void
    ) throws {
        let (rows, columns) = (source.rows, source.columns)
        let own = source.floats()
        let step = max(1, Self.panel / max(1, rows))
        let values = Buffer(count: min(step, max(1, columns)) * rows)
        for first in stride(from: 0, to: columns, by: step) {
            let range = first..<min(columns, first + step)
            for row in 0..<rows {
                for column in range {
                    values.pointer[(column - first) * rows + row] = own.pointer[row * columns + column]
                }
            }
            try pack(values, range.count * rows, sink)
            try afterPanel()
        }
    }

    private func pack(
        _ values: Buffer, _ count: Int, _ sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let bytes = count / format.elementsPerBlock * format.bytesPerBlock
        try withUnsafeTemporaryAllocation(byteCount: max(1, bytes), alignment: 64) { room in
            guard let start = room.baseAddress else { return }
            format.pack(values.pointer, into: start, count: count)
            try sink(UnsafeRawBufferPointer(start: start, count: bytes))
        }
    }
}
