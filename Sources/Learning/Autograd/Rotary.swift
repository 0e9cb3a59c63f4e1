import CVectorMath
import Foundation
import Tensors

/// Cosines and sines of rotary position embeddings (Su et al. 2021), a row a position.
package final class RotaryTable: @unchecked Sendable {
    package let half: Int
    private let cosines: Buffer
    private let sines: Buffer

    /// - `frequencies`: radians a position, one for each pair of a head's dimensions.
    /// - `positions`: how many rows to make, the context's length.
    package init(frequencies: [Double], positions: Int) {
        half = frequencies.count
        cosines = Buffer(count: max(1, positions * half))
        sines = Buffer(count: max(1, positions * half))
        for position in 0..<positions {
            for (index, frequency) in frequencies.enumerated() {
                // The reference multiplies in single precision; at position 8000 that shows.
                let angle = Double(Float(position) * Float(frequency))
                cosines.pointer[position * half + index] = Float(cos(angle))
                sines.pointer[position * half + index] = Float(sin(angle))
            }
        }
    }

    fileprivate func rotate(_ x: Buffer, positions: ArraySlice<Int32>, row: Int, heads: Int, sign: Float) {
        let start = x.pointer + row * heads * 2 * half
        positions.withUnsafeBufferPointer { positions in
            guard let first = positions.baseAddress else { return }
            lk_rotate(start, first, cosines.pointer, sines.pointer, sign, positions.count, heads, half)
        }
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
        return record(rows: rows, columns: x.columns, buffer: buffer, isTracked: slot != nil) {
            [unowned self] gradient in
            guard let slot else { return }
            turn(gradient, rows: rows, heads: heads, table: table, sign: -1)
            slot.add(gradient)
        }
    }

    private func turn(_ x: Buffer, rows: Int, heads: Int, table: RotaryTable, sign: Float) {
        let positions = layout.positions
        split(rows, grain: 128) { range in
            table.rotate(x, positions: positions[range], row: range.lowerBound, heads: heads, sign: sign)
        }
    }
}
