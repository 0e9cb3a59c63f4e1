/// Floats in memory: what was made here, and what training replaced.
package struct DenseWeights: WeightStorage {
    package let shape: [Int]
    private let values: Buffer

    package init(shape: [Int], values: Buffer) {
        let count = shape.reduce(1, *)
        precondition(values.count == count, "\(values.count) values for the shape \(shape)")
        self.shape = shape
        self.values = values
    }

    package var byteCount: Int { values.count * 4 }
    package var dense: Buffer? { values }

    package func expand(rows range: Range<Int>, into destination: UnsafeMutablePointer<Float>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
        destination.update(from: values.pointer + range.lowerBound * columns, count: range.count * columns)
    }

    package func releasePages() {}
}
