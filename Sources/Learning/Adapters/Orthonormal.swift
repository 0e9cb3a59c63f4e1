import Compute

/// Matrices whose columns are orthonormal.
package enum Orthonormal {
    /// Replaces a matrix (rows, columns), with no more columns than rows, by Q of its QR decomposition, each column of
    /// which points as it did: the retraction after a step (Absil et al. 2008), and a random orthonormal matrix of a
    /// normal one (Mezzadri 2007).
    ///
    /// Gram and Schmidt's way, in double precision: what a step leaves is nearly orthonormal. A column without a
    /// length, or that is not finite, stays as it is.
    package static func project(_ parameter: Parameter) {
        let (rows, columns) = (parameter.rows, parameter.columns)
        let values = parameter.writable().pointer
        var basis = [Double](repeating: 0, count: rows * columns)
        basis.withUnsafeMutableBufferPointer { basis in
            guard let start = basis.baseAddress else { return }
            for column in 0..<columns {
                let own = start + column * rows
                for row in 0..<rows { own[row] = Double(values[row * columns + column]) }
                // A second time for the rounding of the first (Giraud et al. 2005), where that is large.
                var before = dot(own, own, rows)
                for _ in 0..<2 {
                    for earlier in 0..<column {
                        let other = start + earlier * rows
                        let share = dot(own, other, rows)
                        for row in 0..<rows { own[row] -= share * other[row] }
                    }
                    let after = dot(own, own, rows)
                    guard after < 0.5 * before else { break }
                    before = after
                }
                let length = dot(own, own, rows).squareRoot()
                guard length > 0, length.isFinite else { continue }
                for row in 0..<rows {
                    own[row] /= length
                    values[row * columns + column] = Float(own[row])
                }
            }
        }
    }

    /// In one order, several terms at a time.
    private static func dot(_ one: UnsafePointer<Double>, _ other: UnsafePointer<Double>, _ count: Int)
        -> Double
    {
        var sum = SIMD8<Double>(repeating: 0)
        var index = 0
        while index + 8 <= count {
            sum +=
                UnsafeRawPointer(one + index).loadUnaligned(as: SIMD8<Double>.self)
                * UnsafeRawPointer(other + index).loadUnaligned(as: SIMD8<Double>.self)
            index += 8
        }
        var rest = sum.sum()
        while index < count {
            rest += one[index] * other[index]
            index += 1
        }
        return rest
    }
}
