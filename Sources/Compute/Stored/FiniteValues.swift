import Diagnostics

/// Whether all of `count` values are numbers: neither NaN nor infinite.
package func areFinite(_ values: UnsafePointer<Float>, count: Int) -> Bool {
    let exponent: UInt32 = 0x7F80_0000
    // Blocks of a fixed size become vector instructions, and the first odd one ends it.
    for start in stride(from: 0, to: count, by: 4096) {
        var odd: UInt32 = 0
        for index in start..<min(count, start + 4096) {
            odd |= values[index].bitPattern & exponent == exponent ? 1 : 0
        }
        if odd != 0 { return false }
    }
    return true
}

extension Buffer {
    /// Whether all values are numbers.
    package var isFinite: Bool { areFinite(pointer, count: count) }
}

extension StoredTensor {
    /// Whether all values are numbers; expanded a panel of rows at a time.
    package var isFinite: Bool {
        guard format.isFloatingPoint, rowLength > 0 else { return true }
        let step = max(1, (1 << 16) / rowLength)
        let panel = Buffer(count: min(step, max(1, rowCount)) * rowLength)
        return stride(from: 0, to: rowCount, by: step).allSatisfy { first in
            let rows = first..<min(rowCount, first + step)
            expand(rows: rows, into: panel.pointer)
            return areFinite(panel.pointer, count: rows.count * rowLength)
        }
    }

    /// - Throws: `not-finite` with the tensor's name.
    package func requireFinite() throws {
        guard !isFinite else { return }
        throw notFinite
    }

    /// What to say of a tensor that has other values than numbers.
    package var notFinite: Diagnostic {
        Diagnostic(
            "not-finite",
            "tensor \(name.unicodeScalars.count > 120 ? "…" + name.suffix(100) : name) in \(file.name) holds NaN or infinite values",
            hint: "was it saved after a training that diverged, or damaged? take an earlier copy of the file"
        )
    }
}
