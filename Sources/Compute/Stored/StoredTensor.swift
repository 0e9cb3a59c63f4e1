import Diagnostics

/// One tensor as it lies in a file: never copied until asked for.
package struct StoredTensor: Sendable {
    package let name: String
    /// Row-major, outermost dimension first (the reverse of GGUF's order); empty for a scalar.
    package let shape: [Int]
    package let format: NumberFormat
    package let file: MappedFile
    /// Where the first element lies, in bytes from the start of the file.
    package let offset: Int
    package let byteCount: Int

    /// Checks the shape and the place against the file, so that a tensor that exists can be read.
    ///
    /// - Throws: `bad-tensor` with the file, the tensor, what was found and what was expected.
    package init(name: String, shape: [Int], format: NumberFormat, file: MappedFile, offset: Int) throws {
        func bad(_ what: String) -> Diagnostic {
            Diagnostic("bad-tensor", "\(file.name): tensor \(name.quotedBriefly) \(what)")
        }
        guard shape.allSatisfy({ $0 >= 0 }) else {
            throw bad("has the shape \(shape), which has a negative dimension")
        }
        guard let elements = StoredTensor.elements(of: shape) else {
            throw bad("has the shape \(shape), which no memory can hold")
        }
        let width = shape.last ?? 1
        guard width % format.elementsPerBlock == 0, let bytes = format.byteCount(of: elements) else {
            throw bad(
                "has rows of \(width) elements, which are no whole \(format.displayName) blocks of "
                    + "\(format.elementsPerBlock)")
        }
        guard offset >= 0, offset <= file.count, bytes <= file.count - offset else {
            throw bad(
                "of shape \(shape) in \(format.displayName) needs \(bytes) bytes at offset \(offset), "
                    + "the file ends at \(file.count): is it truncated?")
        }
        self.name = name
        self.shape = shape
        self.format = format
        self.file = file
        self.offset = offset
        byteCount = bytes
    }

    package var elementCount: Int { shape.reduce(1, *) }

    /// Elements of a row: the last dimension.
    package var rowLength: Int { shape.last ?? 1 }

    /// The product of the other dimensions.
    package var rowCount: Int { shape.dropLast().reduce(1, *) }

    package var bytesPerRow: Int { rowLength / format.elementsPerBlock * format.bytesPerBlock }

    /// Where the values lie; `nil` for a tensor without elements. Valid while `file` is alive.
    package var start: UnsafeRawPointer? { file.bytes.baseAddress.map { $0 + offset } }

    /// Writes `range` of the rows as floats, `range.count × rowLength` of them.
    package func expand(rows range: Range<Int>, into destination: UnsafeMutablePointer<Float>) {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= rowCount,
            "\(name): rows \(range) of \(rowCount)")
        guard !range.isEmpty, rowLength > 0, let start else { return }
        withExtendedLifetime(file) {
            format.expand(
                start + range.lowerBound * bytesPerRow, into: destination,
                count: range.count * rowLength)
        }
    }

    /// All values as floats.
    package func floats() -> [Float] {
        [Float](unsafeUninitializedCapacity: elementCount) { buffer, count in
            if let start = buffer.baseAddress { expand(rows: 0..<rowCount, into: start) }
            count = elementCount
        }
    }

    /// A row as it lies in the file.
    package func bytes(ofRow row: Int) -> [UInt8] {
        precondition((0..<rowCount).contains(row), "\(name): row \(row) of \(rowCount)")
        let first = offset + row * bytesPerRow
        return withExtendedLifetime(file) { Array(file.bytes[first..<first + bytesPerRow]) }
    }

    /// Whether another tensor holds the same numbers, whatever the format of each.
    package func holdsSameValues(as other: StoredTensor) -> Bool {
        guard shape == other.shape else { return false }
        return (0..<rowCount).allSatisfy { floats(row: $0) == other.floats(row: $0) }
    }

    private func floats(row: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: rowLength) { buffer, count in
            if let start = buffer.baseAddress { expand(rows: row..<row + 1, into: start) }
            count = rowLength
        }
    }

    /// Lets the system drop this tensor's pages from memory, after its values were copied.
    package func releasePages() { file.releasePages(of: offset..<offset + byteCount) }

    private static func elements(of shape: [Int]) -> Int? {
        // A zero anywhere makes the product zero, but the others must still multiply without overflow.
        var product = 1
        for size in shape where size > 0 {
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            guard !overflow else { return nil }
            product = next
        }
        // Byte counts, at most 8 an element, must not overflow either.
        guard product <= Int.max / 8 else { return nil }
        return shape.contains(0) ? 0 : product
    }
}

extension String {
    /// The name for a message: cut when a hostile file made it endless.
    fileprivate var quotedBriefly: String {
        unicodeScalars.count > 120 ? String(unicodeScalars.prefix(120)) + "…" : self
    }
}
