import CVectorMath
import Foundation
import Testing

@testable import Compute

/// Weights in four bits: any piece of them is that piece of the whole, whichever way round they lie.
@Suite struct FourBitWeightsTests {
    private static func values(_ rows: Int, _ columns: Int) -> DenseWeights {
        let values = (0..<rows * columns).map { (index: Int) -> Float in
            let size = Float(index % 7 + 1) / 5
            return size * Float(sin(Double(index) * 1.7))
        }
        return DenseWeights(shape: [rows, columns], values: Buffer(values))
    }

    @Test(arguments: [[6, 64], [5, 13], [3, 100], [70, 33], [1, 1]])
    func someRowsAreThoseRowsOfAll(shape: [Int]) throws {
        for transposes in [false, true] {
            let weights = try #require(
                FourBitWeights(quantising: Self.values(shape[0], shape[1]), transposes: transposes))
            #expect(weights.shape == shape && weights.liesTransposed == transposes && weights.dense == nil)
            let all = weights.floats().floats
            for first in 0..<weights.rows {
                let end = min(weights.rows, first + 3)
                let room = Buffer(count: (end - first) * weights.columns)
                weights.expand(rows: first..<end, into: room.pointer)
                let wanted = all[first * weights.columns..<end * weights.columns]
                #expect(Array(room.floats.prefix(wanted.count)) == Array(wanted))
            }
            guard transposes else { continue }
            for column in 0..<weights.columns {
                let room = Buffer(count: weights.rows)
                weights.expandTransposed(columns: column..<column + 1, into: room.pointer)
                let wanted = (0..<weights.rows).map { all[$0 * weights.columns + column] }
                #expect(Array(room.floats.prefix(wanted.count)) == wanted)
            }
        }
    }

    @Test func aTransposedMatrixIsQuantisedAsWhatItIsTheTransposedOf() throws {
        let (rows, columns) = (40, 24)
        let values = Self.values(rows, columns)
        let turned = (0..<columns).flatMap { column in
            (0..<rows).map { values.floats().floats[$0 * columns + column] }
        }
        let plain = try #require(
            FourBitWeights(quantising: DenseWeights(shape: [columns, rows], values: Buffer(turned))))
        let weights = try #require(FourBitWeights(quantising: values, transposes: true))
        #expect(weights.packed == plain.packed && weights.scales.floats == plain.scales.floats)
    }

    @Test func everyValueIsTheNearestOfTheTable() throws {
        let source = Self.values(32, 64)
        let weights = try #require(FourBitWeights(quantising: source))
        let table = FourBitKind.nf4.table
        let values = source.floats().floats
        for block in 0..<32 {
            let part = values[block * 64..<block * 64 + 64]
            let scale = try #require(part.map(abs).max())
            for (place, value) in part.enumerated() {
                let index = block * 64 + place
                let byte = weights.packed[index / 2]
                let code = Int(index % 2 == 0 ? byte >> 4 : byte & 15)
                let distance = table.map { abs($0 - value / scale) }
                #expect(distance[code] <= (distance.min() ?? 0) + 1e-6)
            }
        }
    }

    @Test func itTakesFourBitsAndAnEighth() throws {
        let weights = try #require(FourBitWeights(quantising: Self.values(512, 512)))
        #expect(Double(8 * weights.byteCount) / Double(weights.count) < 4.2)
        #expect(weights.scales.isNested && weights.scales.parts?.nested.count == 16)
    }

    @Test func whatIsNoNumberIsNotQuantised() {
        let values = Self.values(4, 64)
        values.floats().pointer[77] = .nan
        #expect(FourBitWeights(quantising: values) == nil)
    }

    @Test func theDynamicMapAscendsAndFindsTheNearest() {
        let map = DynamicMap.values
        #expect(map.count == 256 && zip(map, map.dropFirst()).allSatisfy { $0 < $1 })
        #expect(map.last == 1 && map[127] == 0)
        for value in stride(from: Float(-1), through: 1, by: 0.00173) {
            let found = abs(map[Int(DynamicMap.place(of: value))] - value)
            #expect(found == map.map { abs($0 - value) }.min())
        }
    }

    @Test func roundingIsToTheNearestHalf() {
        let sizes: [Float] = [
            0, 1, 1.0004883, 1.0014648, 65504, 65520, 70000, 6.1e-5, 5.97e-8, 2.98e-8, 2.99e-8, 1e-9, 0.1,
            3.14159,
        ]
        let values = sizes + sizes.map { -$0 }
        var (half, brain) = (values, values)
        lorikeet_round_f16(&half, half.count)
        lorikeet_round_bf16(&brain, brain.count)
        for (index, value) in values.enumerated() {
            #expect(half[index].bitPattern == Float(Float16(value)).bitPattern, "\(value)")
            let bits = value.bitPattern
            let wanted = (bits &+ 0x7fff &+ (bits >> 16 & 1)) & 0xffff_0000
            #expect(brain[index].bitPattern == wanted, "\(value)")
        }
    }
}
