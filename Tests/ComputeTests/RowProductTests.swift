import CVectorMath
import Foundation
import Testing

@testable import Compute

/// Products whose rows stand alone: at every level of instructions that this processor has.
@Suite struct RowProductTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var level, n, k: Int
        var isTransposed: Bool
        var testDescription: String { "level \(level), \(k) to \(n)\(isTransposed ? ", transposed" : "")" }
    }

    private static func cases(_ shapes: [(Int, Int)]) -> [Case] {
        (0...Int(lk_product_level())).flatMap { level in
            shapes.flatMap { (n, k) in
                [false, true].map { Case(level: level, n: n, k: k, isTransposed: $0) }
            }
        }
    }

    /// Layers of the models that are tuned, LoRA's thin matrices, heads, and edges of every kind.
    static let layers = cases([
        (384, 384), (1536, 384), (384, 1536), (1536, 576), (576, 1536),
        (1, 576), (4, 384), (8, 576), (16, 768), (576, 1), (384, 8), (768, 16), (2, 384), (384, 2),
        (24, 24), (61, 24), (33, 257), (17, 600), (3, 3),
    ])

    /// Each of 64 rows alone, against products of 2 to 64 of them: every number of rows, every place in it.
    @Test(arguments: layers)
    func aRowHasTheSameBytesAloneAndInCompany(_ c: Case) {
        let most = 64
        let (aStride, cStride) = (c.k + 3, c.n + 5)
        let a = Self.values((2 * most - 1) * aStride, 17)
        // The rows once more behind, so that a company may begin anywhere.
        (a.pointer + most * aStride).update(from: a.pointer, count: (most - 1) * aStride)
        let b = Self.values(c.n * c.k, 23)
        for adds in [false, true] {
            let before = Self.values(cStride, 29)
            let alone = Buffer(count: most * cStride)
            Self.fill(alone, rows: most, with: before)
            for row in 0..<most {
                Self.multiply(
                    c, a.pointer + row * aStride, b, into: alone.pointer + row * cStride, rows: 1, adds: adds)
            }
            let together = Buffer(count: most * cStride)
            for count in 2...most {
                let first = (count * 29) % most
                Self.fill(together, rows: count, with: before)
                Self.multiply(
                    c, a.pointer + first * aStride, b, into: together.pointer, rows: count, adds: adds)
                for row in 0..<count {
                    let wanted = alone.pointer + (first + row) % most * cStride
                    #expect(
                        Self.same(together.pointer + row * cStride, wanted, cStride),
                        "row \(row) of \(count)\(adds ? ", added" : "")")
                }
            }
        }
    }

    /// Vocabularies and batches, which take several blocks of rows.
    @Test(arguments: cases([(49_152, 48), (96, 600)]))
    func rowsStandAloneInLargeProducts(_ c: Case) {
        let rows = c.n > 1000 ? 14 : 1100
        let (a, b) = (Self.values(rows * (c.k + 3), 17), Self.values(c.n * c.k, 23))
        let (whole, alone) = (Buffer(count: rows * (c.n + 5)), Buffer(count: c.n + 5))
        Self.multiply(c, a.pointer, b, into: whole.pointer, rows: rows, adds: false)
        for row in stride(from: 0, to: rows, by: max(1, rows / 60)) {
            Self.multiply(c, a.pointer + row * (c.k + 3), b, into: alone.pointer, rows: 1, adds: false)
            #expect(Self.same(whole.pointer + row * (c.n + 5), alone.pointer, c.n), "row \(row) of \(rows)")
        }
    }

    /// Every element is one sum in one order, which can be written down: so tiles may be of any shape.
    @Test(arguments: cases([(40, 300), (33, 17), (8, 256), (7, 600), (96, 8), (1, 1), (16, 100)]))
    func everyKernelTakesASumInTheSameOrder(_ c: Case) {
        let rows = 15
        let (a, b) = (Self.values(rows * (c.k + 3), 17), Self.values(c.n * c.k, 23))
        for (alpha, adds) in [(Float(1), false), (0.3, true)] {
            let result = Self.values(rows * (c.n + 5), 29)
            let before = result.copy()
            Self.multiply(c, a.pointer, b, into: result.pointer, rows: rows, alpha: alpha, adds: adds)
            for row in 0..<rows {
                for column in 0..<c.n {
                    var wanted = adds ? before.pointer[row * (c.n + 5) + column] : 0
                    for part in Self.parts(c.k) {
                        var sum: Float = 0
                        for p in part {
                            let left = a.pointer[row * (c.k + 3) + p] * alpha
                            let right = b.pointer[c.isTransposed ? column * c.k + p : p * c.n + column]
                            sum = Self.fuses(c.level) ? sum.addingProduct(left, right) : sum + left * right
                        }
                        wanted += sum
                    }
                    let found = result.pointer[row * (c.n + 5) + column]
                    #expect(found.bitPattern == wanted.bitPattern, "\(row), \(column): \(found), \(wanted)")
                }
                for column in c.n..<c.n + 5 {
                    let place = row * (c.n + 5) + column
                    #expect(result.pointer[place] == before.pointer[place], "wrote beside the result")
                }
            }
        }
    }

    /// A product that is cut into columns, as a wide pass does, is the whole one.
    @Test(arguments: cases([(640, 700)]))
    func cuttingColumnsChangesNothing(_ c: Case) {
        let (rows, first, count) = (50, 96, 130)
        let (a, b) = (Self.values(rows * c.k, 17), Self.values(c.n * c.k, 23))
        let (whole, part) = (Buffer(count: rows * c.n), Buffer(count: rows * count))
        let start = b.pointer + (c.isTransposed ? first * c.k : first)
        for (b, n, c1) in [(b.pointer, c.n, whole), (start, count, part)] {
            let isDone = lk_multiply_rows(
                Int32(c.level), c.isTransposed ? 1 : 0, rows, n, c.k, 1, a.pointer, c.k, b,
                c.isTransposed ? c.k : c.n, 0, c1.pointer, n)
            #expect(isDone == 1)
        }
        for row in 0..<rows {
            #expect(
                Self.same(part.pointer + row * count, whole.pointer + row * c.n + first, count), "row \(row)")
        }
    }

    @Test func aLevelThatTheProcessorLacksDoesNothing() {
        let one = Self.values(1, 1)
        let level = lk_product_level() + 1
        #expect(
            lk_multiply_rows(level, 0, 1, 1, 1, 1, one.pointer, 1, one.pointer, 1, 0, one.pointer, 1) == 0)
    }

    // MARK: - Parts

    /// Rows of a lie k + 3 floats apart, those of the result n + 5.
    private static func multiply(
        _ c: Case, _ a: UnsafePointer<Float>, _ b: Buffer, into result: UnsafeMutablePointer<Float>,
        rows: Int,
        alpha: Float = 1, adds: Bool
    ) {
        let isDone = lk_multiply_rows(
            Int32(c.level), c.isTransposed ? 1 : 0, rows, c.n, c.k, alpha, a, c.k + 3, b.pointer,
            c.isTransposed ? c.k : c.n, adds ? 1 : 0, result, c.n + 5)
        #expect(isDone == 1)
    }

    /// Parts of the inner length, each summed from zero on.
    private static func parts(_ k: Int) -> [Range<Int>] {
        let count = (k + 255) / 256
        let length = ((k + count - 1) / count + 15) / 16 * 16
        return stride(from: 0, to: k, by: length).map { $0..<min(k, $0 + length) }
    }

    /// Whether products are added without being rounded.
    private static func fuses(_ level: Int) -> Bool {
        #if arch(arm64)
            true
        #else
            level >= Int(lk_level_avx2)
        #endif
    }

    private static func fill(_ buffer: Buffer, rows: Int, with row: Buffer) {
        for index in 0..<rows {
            (buffer.pointer + index * row.count).update(from: row.pointer, count: row.count)
        }
    }

    private static func same(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Bool {
        memcmp(a, b, 4 * count) == 0
    }

    private static func values(_ count: Int, _ seed: Int) -> Buffer {
        let buffer = Buffer(count: count)
        for index in 0..<count {
            buffer.pointer[index] = Float((index &* 7919 &+ seed &* 104_729) % 2003) / 1001 - 1
        }
        return buffer
    }
}
