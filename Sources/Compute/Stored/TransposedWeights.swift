/// A matrix whose columns lie in its file as rows: GPT-2's weights are (in, out) here and in its own files, and
/// (out, in) in llama.cpp's.
package struct TransposedWeights: WeightStorage {
    private let source: StoredTensor
    /// The reverse of the tensor's.
    package let shape: [Int]

    package init(_ tensor: StoredTensor) {
        precondition(tensor.shape.count == 2, "\(tensor.name): \(tensor.shape) is no matrix")
        source = tensor
        shape = tensor.shape.reversed()
    }

    package var tensor: StoredTensor? { source }
    package var byteCount: Int { source.byteCount }
    package var dense: Buffer? { nil }
    package var liesTransposed: Bool { true }
    package func releasePages() { source.releasePages() }

    package func expand(rows range: Range<Int>, into destination: UnsafeMutablePointer<Float>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
        // Each column whole, since blocks go on from row to row of this shape.
        withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, rows)) { room in
            guard let line = room.baseAddress else { return }
            for column in 0..<columns {
                source.expand(rows: column..<column + 1, into: line)
                for row in range { destination[(row - range.lowerBound) * columns + column] = line[row] }
            }
        }
    }

    package func expandTransposed(columns range: Range<Int>, into destination: UnsafeMutablePointer<Float>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= columns, "columns \(range) of \(columns)")
        source.expand(rows: range, into: destination)
    }
}
