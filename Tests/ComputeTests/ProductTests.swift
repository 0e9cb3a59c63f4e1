import CVectorMath
import Testing

@testable import Compute

/// Products against sums in double precision, by whichever kernel the shape takes.
@Suite struct ProductTests {
    /// Rows, columns and inner length: whole tiles, edges of every kind, more than one block of rows,
    /// more than one part of the inner length, and shapes that are left to OpenBLAS.
    static let shapes = [
        (12, 32, 256), (224, 576, 576), (50, 64, 600), (481, 33, 257), (1000, 96, 40), (1, 100, 600),
        (2, 50_257, 12), (13, 24, 300), (23, 31, 177), (97, 95, 1), (7, 200, 80), (64, 8, 64), (3, 3, 3),
    ]

    struct Case: CustomTestStringConvertible, Sendable {
        var m, n, k: Int
        var a, b: Bool
        var testDescription: String { "\(m) × \(n) × \(k) \(a ? "T" : "N")\(b ? "T" : "N")" }
    }

    static let cases = shapes.flatMap { (m, n, k) in
        [(false, false), (false, true), (true, false), (true, true)].map {
            Case(m: m, n: n, k: k, a: $0, b: $1)
        }
    }

    @Test(arguments: cases)
    func agreesWithDoublePrecision(_ c: Case) throws {
        try BLAS.prepare()
        for (alpha, beta) in [(Float(1), Float(0)), (0.5, 1), (1, -0.25)] {
            let (aStride, bStride, cStride) = ((c.a ? c.m : c.k) + 3, (c.b ? c.k : c.n) + 1, c.n + 5)
            let a = Self.values((c.a ? c.k : c.m) * aStride, 17)
            let b = Self.values((c.b ? c.n : c.k) * bStride, 23)
            // With beta = 0 what lay there must not matter, whatever it was.
            let before =
                beta == 0
                ? Buffer([Float](repeating: .nan, count: c.m * cStride)) : Self.values(c.m * cStride, 29)
            let result = before.copy()
            BLAS.multiply(
                a.pointer, stride: aStride, transposed: c.a, by: b.pointer, stride: bStride,
                byTransposed: c.b,
                into: result.pointer, stride: cStride, m: c.m, n: c.n, k: c.k, alpha: alpha, beta: beta)
            var worst = 0.0
            let columns = stride(from: 0, to: c.n, by: max(1, c.n / 150)).map { $0 } + [c.n - 1]
            for row in 0..<c.m {
                for column in columns {
                    var sum = 0.0
                    for p in 0..<c.k {
                        let left = a.pointer[c.a ? p * aStride + row : row * aStride + p]
                        let right = b.pointer[c.b ? column * bStride + p : p * bStride + column]
                        sum += Double(left) * Double(right)
                    }
                    sum *= Double(alpha)
                    if beta != 0 { sum += Double(beta) * Double(before.pointer[row * cStride + column]) }
                    let difference = abs(Double(result.pointer[row * cStride + column]) - sum)
                    worst = difference.isNaN ? .infinity : max(worst, difference)
                }
                for column in c.n..<cStride {
                    let (old, new) = (
                        before.pointer[row * cStride + column], result.pointer[row * cStride + column]
                    )
                    #expect(old.bitPattern == new.bitPattern, "wrote beside the result")
                }
            }
            #expect(worst < 2e-5 * Double(c.k).squareRoot(), "alpha \(alpha), beta \(beta)")
        }
    }

    /// Our kernel takes a row's sums in one order, whatever rows and columns are computed beside it: so
    /// results don't depend on what else is in a batch, nor on how a product is cut into tiles.
    @Test(.enabled(if: hasOwnKernel, "this processor lacks AVX-512: products are OpenBLAS's"))
    func rowsDoNotDependOnTheirCompany() {
        let (m, n, k) = (200, 640, 700)
        let (a, b) = (Self.values(m * k, 17), Self.values(n * k, 23))
        let (whole, part) = (Buffer(count: m * n), Buffer(count: 30 * 320))
        let isOurs = lk_multiply(0, 1, m, n, k, 1, a.pointer, k, b.pointer, k, 0, whole.pointer, n)
        #expect(isOurs == 1)
        let (rows, columns) = (a.pointer + 100 * k, b.pointer + 320 * k)
        #expect(lk_multiply(0, 1, 30, 320, k, 1, rows, k, columns, k, 0, part.pointer, 320) == 1)
        for row in 0..<30 {
            for column in 0..<320 {
                #expect(part.pointer[row * 320 + column] == whole.pointer[(row + 100) * n + 320 + column])
            }
        }
    }

    /// Whether a product of a usual shape is our kernel's.
    private static var hasOwnKernel: Bool {
        let (a, b, c) = (values(64 * 64, 1), values(64 * 64, 2), Buffer(count: 64 * 64))
        return lk_multiply(0, 1, 64, 64, 64, 1, a.pointer, 64, b.pointer, 64, 0, c.pointer, 64) == 1
    }

    private static func values(_ count: Int, _ seed: Int) -> Buffer {
        let buffer = Buffer(count: count)
        for index in 0..<count {
            buffer.pointer[index] = Float((index &* 7919 &+ seed &* 104_729) % 2003) / 1001 - 1
        }
        return buffer
    }
}
