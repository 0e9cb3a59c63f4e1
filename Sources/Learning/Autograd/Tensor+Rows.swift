import CVectorMath
import Compute

extension Tensor {
    /// Whether all values are numbers.
    package var isFinite: Bool { lk_all_finite(pointer, count) != 0 }

    /// The column of a row's largest value, the first of equal ones.
    package func largest(inRow row: Int) -> Int {
        precondition((0..<rows).contains(row), "row \(row) of \(rows)")
        return lk_largest(pointer + row * columns, columns)
    }

    package func values(ofRow row: Int) -> [Float] {
        precondition((0..<rows).contains(row), "row \(row) of \(rows)")
        return Array(UnsafeBufferPointer(start: pointer + row * columns, count: columns))
    }
}
