import CVectorMath
import Compute

/// How a sequence's tokens become one vector.
package enum Pooling: String, Sendable, CaseIterable, Codable {
    /// The first token's, as BERT was trained.
    case cls
    /// The average over all tokens.
    case mean
    /// The last token's, as decoders need.
    case last
}

extension Pass {
    /// One row a sequence: (sequences, width) from (tokens, width).
    package func pool(_ x: Tensor, _ pooling: Pooling) -> Tensor {
        precondition(x.rows == layout.rowCount, "pooling: \(x.rows) rows of \(layout.rowCount) tokens")
        return switch pooling {
        case .cls: gather(x, rows: Array(layout.starts.dropLast()))
        case .last: gather(x, rows: layout.starts.dropFirst().map { $0 - 1 })
        case .mean: average(x)
        }
    }

    private func average(_ x: Tensor) -> Tensor {
        let columns = x.columns
        let layout = layout
        let out = Buffer(zeros: layout.sequenceCount * columns)
        for sequence in 0..<layout.sequenceCount {
            let rows = layout.rows(of: sequence)
            let line = out.pointer + sequence * columns
            lk_sum_columns(line, x.pointer + rows.lowerBound * columns, rows.count, columns)
            lk_scale(line, 1 / Float(rows.count), columns)
        }
        let slot = x.slot
        return record(
            rows: layout.sequenceCount, columns: columns, buffer: out, isTracked: slot != nil,
            isDisposable: true
        ) { gradient in
            guard let slot else { return }
            let target = slot.zeroedTarget()
            for sequence in 0..<layout.sequenceCount {
                let rows = layout.rows(of: sequence)
                for row in rows {
                    lk_add_scaled(
                        target.pointer + row * columns, gradient.pointer + sequence * columns,
                        1 / Float(rows.count), columns)
                }
            }
        }
    }
}
