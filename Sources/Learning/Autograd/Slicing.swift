import CVectorMath
import Compute

extension Pass {
    /// Some of a tensor's columns: (rows, columns of the range).
    ///
    /// What is read of one tensor in several places gathers in one gradient of all its columns.
    package func columns(_ range: Range<Int>, of x: Tensor) -> Tensor {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= x.columns, "columns \(range) of \(x.columns)")
        let (rows, from, to) = (x.rows, x.columns, range.count)
        let out = Buffer(count: rows * to)
        for row in 0..<rows {
            (out.pointer + row * to).update(from: x.pointer + row * from + range.lowerBound, count: to)
        }
        let slot = x.slot
        return record(rows: rows, columns: to, buffer: out, isTracked: slot != nil, isDisposable: true) {
            gradient in
            guard let slot else { return }
            let target = slot.zeroedTarget()
            for row in 0..<rows {
                lk_add(
                    target.pointer + row * from + range.lowerBound, gradient.pointer + row * to, to)
            }
        }
    }
}
