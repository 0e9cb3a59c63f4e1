import CVectorMath
import Compute
import Foundation
import Synchronization

/// Cosines and sines of rotary position embeddings (Su et al. 2021), a row a position; made as
/// far as a pass needs them.
package final class RotaryTable: Sendable {
    fileprivate struct Rows: Sendable {
        var positions = 0
        var cosines = Buffer(count: 0)
        var sines = Buffer(count: 0)
    }

    package let half: Int
    private let frequencies: [Float]
    private let scale: Float
    private let rows = Mutex(Rows())

    /// - `frequencies`: radians a position, one for each pair of a head's dimensions.
    /// - `scale`: what is turned is multiplied by it as well (YaRN's attention factor).
    package init(frequencies: [Double], scale: Double = 1) {
        self.frequencies = frequencies.map { Float($0) }
        self.scale = Float(scale)
        half = frequencies.count
    }

    fileprivate func rows(covering positions: Int) -> Rows {
        rows.withLock { rows in
            if rows.positions < positions { rows = make(max(positions, 2 * rows.positions)) }
            return rows
        }
    }

    private func make(_ positions: Int) -> Rows {
        let made = Rows(
            positions: positions, cosines: Buffer(count: positions * half),
            sines: Buffer(count: positions * half))
        for position in 0..<positions {
            for (index, frequency) in frequencies.enumerated() {
                // The reference multiplies in single precision; at position 8000 that shows.
                let angle = Double(Float(position) * frequency)
                made.cosines.pointer[position * half + index] = scale * Float(cos(angle))
                made.sines.pointer[position * half + index] = scale * Float(sin(angle))
            }
        }
        return made
    }
}

extension Pass {
    /// Turns every head's pairs (i, i + half) by the token's position, over the input's memory.
    ///
    /// - `x`: (tokens, heads × 2 × half), fresh from a linear layer.
    package func rotate(_ x: Tensor, heads: Int, table: RotaryTable) -> Tensor {
        let buffer = x.isDisposable ? x.buffer : x.buffer.copy()
        turn(buffer, rows: x.rows, heads: heads, table: table, sign: 1)
        let (slot, rows) = (x.slot, x.rows)
        return record(
            rows: rows, columns: x.columns, buffer: buffer, isTracked: slot != nil, writesOver: true
        ) { [unowned self] gradient in
            guard let slot else { return }
            turn(gradient, rows: rows, heads: heads, table: table, sign: -1)
            slot.add(gradient)
        }
    }

    private func turn(_ x: Buffer, rows: Int, heads: Int, table: RotaryTable, sign: Float) {
        let positions = layout.positions
        precondition(positions.count == rows, "rotary: \(positions.count) positions of \(rows) tokens")
        precondition(x.count >= rows * heads * 2 * table.half, "rotary: \(x.count) values, \(rows) tokens")
        let angles = table.rows(covering: Int(positions.max() ?? 0) + 1)
        let half = table.half
        split(rows, grain: 128) { range in
            positions.withUnsafeBufferPointer { positions in
                guard let first = positions.baseAddress else { return }
                lk_rotate(
                    x.pointer + range.lowerBound * heads * 2 * half, first + range.lowerBound,
                    angles.cosines.pointer, angles.sines.pointer, sign, range.count, heads, half)
            }
        }
    }
}
