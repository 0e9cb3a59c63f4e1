import Diagnostics
import Foundation
import Testing

@testable import Compute

/// A matrix of low rank found in another one.
@Suite struct LowRankFactorsTests {
    init() throws { try BLAS.prepare() }

    private func matrix(_ rows: Int, _ columns: Int) -> Buffer {
        Buffer((0..<rows * columns).map { Float(sin(0.7 * Double($0 * $0) + 0.3)) })
    }

    private func product(_ factors: LowRankFactors, _ rows: Int, _ columns: Int) -> [Double] {
        let (left, right) = (factors.left.floats, factors.right.floats)
        return (0..<rows * columns).map { index in
            (0..<factors.rank).reduce(0.0) {
                $0 + Double(left[index / columns * factors.rank + $1])
                    * Double(right[$1 * columns + index % columns])
            }
        }
    }

    @Test(arguments: [(7, 5), (5, 7), (6, 6)])
    func theFullRankIsTheMatrixItself(rows: Int, columns: Int) throws {
        let values = matrix(rows, columns)
        let rank = min(rows, columns)
        let nearest = try LowRankFactors(nearestTo: values, rows: rows, columns: columns, rank: rank)
        let projected = try LowRankFactors(
            ofFirstColumnsOf: values, rows: rows, columns: columns, rank: rank)
        for (index, value) in values.floats.enumerated() {
            #expect(abs(product(nearest, rows, columns)[index] - Double(value)) < 1e-5)
            if rows <= columns {
                #expect(abs(product(projected, rows, columns)[index] - Double(value)) < 1e-5)
            }
        }
    }

    /// What is left is orthogonal to what was taken, on both sides: that makes it the nearest of its rank.
    @Test(arguments: [(9, 5, 2), (5, 9, 3)])
    func theRestIsOrthogonal(rows: Int, columns: Int, rank: Int) throws {
        let values = matrix(rows, columns)
        let taken = product(
            try LowRankFactors(nearestTo: values, rows: rows, columns: columns, rank: rank), rows, columns)
        let rest = zip(values.floats, taken).map { Double($0) - $1 }
        for i in 0..<columns {
            for j in 0..<columns {
                let sum = (0..<rows).reduce(0.0) { $0 + rest[$1 * columns + i] * taken[$1 * columns + j] }
                #expect(abs(sum) < 1e-4)
            }
        }
        let size = taken.reduce(0) { $0 + $1 * $1 }
        #expect(size > rest.reduce(0) { $0 + $1 * $1 } / Double(columns))
    }

    @Test func whatIsNotUniqueIsRefused() {
        let identity = Buffer((0..<16).map { $0 % 5 == 0 ? 1 : 0 })
        #expect(throws: Diagnostic.self) {
            try LowRankFactors(nearestTo: identity, rows: 4, columns: 4, rank: 2)
        }
        let alike = Buffer([1, 1, 2, 2, 3, 3])
        #expect(throws: Diagnostic.self) {
            try LowRankFactors(ofFirstColumnsOf: alike, rows: 3, columns: 2, rank: 2)
        }
    }
}
