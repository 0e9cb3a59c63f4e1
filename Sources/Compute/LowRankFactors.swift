import COpenBLAS
import Diagnostics

/// A matrix of low rank as a product: `left · right`, found from a matrix in double precision.
package struct LowRankFactors: Sendable {
    /// (rows, rank)
    package let left: Buffer
    /// (rank, columns)
    package let right: Buffer
    package let rank: Int

    /// The nearest matrix of this rank: what the largest singular values make of `values`.
    ///
    /// - `values`: (rows, columns); `rank`: up to the smaller of both.
    /// - `isUnique`: whether it has to be the only nearest one.
    /// - Throws: `no-lapack` without LAPACK in OpenBLAS; `not-unique` when the next singular value is as large.
    package init(nearestTo values: Buffer, rows: Int, columns: Int, rank: Int, isUnique: Bool = true) throws {
        let matrix = values.floats.map(Double.init)
        // The vectors of the smaller side; the other factor follows by a product.
        let isTall = rows > columns
        let size = min(rows, columns)
        var square = [Double](repeating: 0, count: size * size)
        Self.multiply(
            matrix, columns, transposed: isTall, by: matrix, columns, transposed: !isTall, into: &square,
            m: size, n: size, k: max(rows, columns))
        let basis = try Self.largestVectors(
            of: square, size: size, count: rank, isUnique: isUnique)
        let other = isTall ? rows : columns
        var product = [Double](repeating: 0, count: rank * other)
        if isTall {
            Self.multiply(
                matrix, columns, transposed: false, by: basis, size, transposed: true, into: &product,
                m: rows,
                n: rank, k: columns)
            self.init(left: product, right: basis, rank: rank)
        } else {
            Self.multiply(
                basis, size, transposed: false, by: matrix, columns, transposed: false, into: &product,
                m: rank,
                n: columns, k: rows)
            self.init(left: Self.transposed(basis, rows: rank, columns: size), right: product, rank: rank)
        }
    }

    /// What the span of the first columns holds of a matrix: `Q·Qᵀ·values`, as a QR decomposition cut
    /// off after `rank` columns.
    ///
    /// - Throws: `not-unique` when these columns depend on each other.
    package init(ofFirstColumnsOf values: Buffer, rows: Int, columns: Int, rank: Int) throws {
        let matrix = values.floats.map(Double.init)
        var basis = [Double](repeating: 0, count: rank * rows)
        for index in 0..<rank {
            var vector = (0..<rows).map { matrix[$0 * columns + index] }
            let before = Self.norm(vector)
            // Twice is enough (Giraud et al. 2005).
            for _ in 0..<2 {
                for earlier in 0..<index {
                    let place = earlier * rows
                    let share = (0..<rows).reduce(0.0) { $0 + basis[place + $1] * vector[$1] }
                    for row in 0..<rows { vector[row] -= share * basis[place + row] }
                }
            }
            let norm = Self.norm(vector)
            guard norm > 1e-6 * before else { throw Self.notUnique }
            for row in 0..<rows { basis[index * rows + row] = vector[row] / norm }
        }
        var right = [Double](repeating: 0, count: rank * columns)
        Self.multiply(
            basis, rows, transposed: false, by: matrix, columns, transposed: false, into: &right, m: rank,
            n: columns, k: rows)
        self.init(left: Self.transposed(basis, rows: rank, columns: rows), right: right, rank: rank)
    }

    private init(left: [Double], right: [Double], rank: Int) {
        self.left = Buffer(left.map(Float.init))
        self.right = Buffer(right.map(Float.init))
        self.rank = rank
    }

    /// The same product in factors of equal lengths: the root of each singular value goes to either side.
    ///
    /// - For factors of which one is orthonormal, as `init(nearestTo:…)` finds them; of a pair of vectors the sign
    ///   is free, and the right one's largest value is made positive.
    package var balanced: LowRankFactors {
        let (rows, columns) = (left.count / rank, right.count / rank)
        var (left, right) = (left.floats.map(Double.init), right.floats.map(Double.init))
        for index in 0..<rank {
            let row = right[index * columns..<(index + 1) * columns]
            let column = (0..<rows).map { left[$0 * rank + index] }
            let (height, width) = (Self.norm(column), Self.norm(Array(row)))
            let largest = row.max { abs($0) < abs($1) } ?? 1
            // Of a matrix of lower rank nothing is left.
            let root = (height * width).squareRoot() * (largest < 0 ? -1 : 1)
            for place in 0..<rows where height > 0 { left[place * rank + index] *= root / height }
            for place in 0..<columns where width > 0 { right[index * columns + place] *= root / width }
        }
        return LowRankFactors(left: left, right: right, rank: rank)
    }

    /// The factors of the transposed matrix.
    package var transposed: LowRankFactors {
        let (rows, columns) = (left.count / rank, right.count / rank)
        let (left, right) = (left.floats.map(Double.init), right.floats.map(Double.init))
        return LowRankFactors(
            left: Self.transposed(right, rows: rank, columns: columns),
            right: Self.transposed(left, rows: rows, columns: rank), rank: rank)
    }

    // MARK: - Steps

    private static let notUnique = Diagnostic(
        "not-unique", "the decomposition of this weight is not unique: what the adapter began as is not known"
    )

    /// (count, size): eigenvectors of a symmetric matrix, those of the largest values.
    private static func largestVectors(
        of square: [Double], size: Int, count: Int, isUnique: Bool
    ) throws -> [Double] {
        let wanted = min(size, count + 1)
        var matrix = square
        var values = [Double](repeating: 0, count: size)
        var vectors = [Double](repeating: 0, count: wanted * size)
        let outcome = lorikeet_largest_eigenvectors(Int32(size), Int32(wanted), &matrix, &values, &vectors)
        guard outcome == 0 else {
            throw Diagnostic(
                "no-lapack",
                outcome == -1
                    ? "this OpenBLAS has no LAPACK, which finds singular values"
                    : "LAPACK found no singular values (\(outcome))",
                hint: "install a whole one (Debian: apt install libopenblas0; macOS: brew install openblas)")
        }
        let isOneMore = wanted > count
        if isUnique, isOneMore, values[1] - values[0] <= 1e-7 * values[1] { throw notUnique }
        return isOneMore ? Array(vectors[size...]) : vectors
    }

    private static func multiply(
        _ a: [Double], _ aStride: Int, transposed aTransposed: Bool, by b: [Double], _ bStride: Int,
        transposed bTransposed: Bool, into c: inout [Double], m: Int, n: Int, k: Int
    ) {
        let outcome = lorikeet_dgemm(
            aTransposed ? 1 : 0, bTransposed ? 1 : 0, Int32(m), Int32(n), Int32(k), a, Int32(aStride), b,
            Int32(bStride), &c, Int32(n))
        precondition(outcome == 0, "OpenBLAS was not loaded before a product of \(m) × \(k) × \(n)")
    }

    private static func transposed(_ values: [Double], rows: Int, columns: Int) -> [Double] {
        (0..<rows * columns).map { values[$0 % rows * columns + $0 / rows] }
    }

    private static func norm(_ vector: [Double]) -> Double {
        vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
}
