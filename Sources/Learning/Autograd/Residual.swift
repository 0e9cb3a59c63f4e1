import CVectorMath
import Compute

extension Pass {
    /// `x + branch`, written over the branch's memory where nobody reads that again.
    ///
    /// - Both (tokens, width); both inputs share the result's gradient, uncopied.
    package func add(_ x: Tensor, _ branch: Tensor) -> Tensor {
        precondition(x.count == branch.count, "\(x.rows) × \(x.columns) + \(branch.rows) × \(branch.columns)")
        let sum = branch.isDisposable ? branch.buffer : Buffer(count: x.count)
        let columns = x.columns
        split(x.rows, grain: 128) { range in
            let start = range.lowerBound * columns
            lk_sum(sum.pointer + start, x.pointer + start, branch.pointer + start, range.count * columns)
        }
        let slots = [x.slot, branch.slot].compactMap { $0 }
        return record(rows: x.rows, columns: columns, buffer: sum, isTracked: !slots.isEmpty) { gradient in
            for slot in slots { slot.add(gradient) }
        }
    }
}
