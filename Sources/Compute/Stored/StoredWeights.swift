/// A tensor as it lies in its file, in the file's number format, perhaps under another shape or with its
/// rows in another order.
package struct StoredWeights: WeightStorage {
    private let source: StoredTensor
    package let shape: [Int]
    /// Where each row lies in the file (of a vector: each element); nil in order.
    private let order: [Int]?
    package let dense: Buffer?

    /// - `shape`: as many values as the tensor has; nil for its own.
    /// - `order`: a row's place in the file for each row, when not in order (GGUF's queries and keys).
    package init(_ tensor: StoredTensor, shape: [Int]? = nil, order: [Int]? = nil) {
        let shape = shape ?? tensor.shape
        let count = shape.reduce(1, *)
        let isVector = shape.count < 2
        let places = isVector ? count : shape.dropLast().reduce(1, *)
        precondition(
            count == tensor.elementCount, "\(tensor.name): \(shape) has other values than \(tensor.shape)")
        precondition(
            (shape.last ?? 1).isMultiple(of: tensor.format.elementsPerBlock),
            "\(tensor.name): rows of \(shape) are no whole blocks")
        precondition(
            order.map { $0.count == places && $0.allSatisfy { (0..<places).contains($0) } } ?? true,
            "\(tensor.name): an order of \(order?.count ?? 0) for \(places) rows")
        source = tensor
        self.shape = shape
        self.order = order
        dense = order == nil ? Self.mapped(tensor) : nil
    }

    package var tensor: StoredTensor? { source }
    package var byteCount: Int { source.byteCount }

    package func expand(rows range: Range<Int>, into destination: UnsafeMutablePointer<Float>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
        guard let order else { return expandInOrder(range, into: destination) }
        guard !range.isEmpty else { return }
        guard shape.count > 1 else {
            let values = source.floats()
            for (place, element) in order.enumerated() { destination[place] = values[element] }
            return
        }
        for row in range {
            expandInOrder(
                order[row]..<order[row] + 1, into: destination + (row - range.lowerBound) * columns)
        }
    }

    package func releasePages() { source.releasePages() }

    package func blocks(ofRow row: Int) -> [UInt8]? {
        guard shape.count > 1, source.format.elementsPerBlock > 1 else { return nil }
        return source.bytes(ofRow: order?[row] ?? row)
    }

    /// Rows of this shape, which the tensor's own rows may divide otherwise.
    private func expandInOrder(_ range: Range<Int>, into destination: UnsafeMutablePointer<Float>) {
        guard !range.isEmpty, columns > 0, let start = source.start else { return }
        let bytesPerRow = columns / source.format.elementsPerBlock * source.format.bytesPerBlock
        withExtendedLifetime(source.file) {
            source.format.expand(
                start + range.lowerBound * bytesPerRow, into: destination, count: range.count * columns)
        }
    }

    /// The file's own floats, where it holds such and they are aligned.
    private static func mapped(_ tensor: StoredTensor) -> Buffer? {
        guard tensor.format == .f32, let start = tensor.start, UInt(bitPattern: start) % 4 == 0 else {
            return nil
        }
        return Buffer(
            borrowing: start.assumingMemoryBound(to: Float.self), count: tensor.elementCount,
            owner: tensor.file)
    }
}
