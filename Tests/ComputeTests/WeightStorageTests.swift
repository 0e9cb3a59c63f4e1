import Foundation
import Testing

@testable import Compute

/// Each way to hold weights gives the same rows, whichever way they are asked for.
@Suite struct WeightStorageTests {
    private func file(_ bytes: [UInt8]) throws -> MappedFile {
        let path = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try Data(bytes).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        return try MappedFile(path: path.path(percentEncoded: false))
    }

    private func stored<Number>(
        _ numbers: [Number], shape: [Int], format: NumberFormat, offset: Int = 0
    ) throws -> StoredTensor {
        let bytes = Array(repeating: UInt8(7), count: offset) + numbers.withUnsafeBytes(Array.init)
        return try StoredTensor(name: "w", shape: shape, format: format, file: file(bytes), offset: offset)
    }

    private func expectHolds(_ values: [Float], _ weights: any WeightStorage) {
        #expect(weights.count == values.count)
        #expect(weights.rows * weights.columns == values.count)
        #expect(weights.floats().floats == values)
        let columns = weights.columns
        for first in 0..<weights.rows {
            for end in first...weights.rows {
                let expected = Array(values[first * columns..<end * columns])
                let room = Buffer(count: max(1, expected.count))
                weights.expand(rows: first..<end, into: room.pointer)
                #expect(Array(room.floats.prefix(expected.count)) == expected)
                var asked = 0
                let scratch = Buffer(count: max(1, expected.count))
                func counted() -> Buffer {
                    asked += 1
                    return scratch
                }
                weights.withRows(first..<end, scratch: counted()) { start in
                    #expect(Array(UnsafeBufferPointer(start: start, count: expected.count)) == expected)
                }
                #expect(asked == (weights.dense == nil ? 1 : 0))
            }
        }
        weights.releasePages()
        #expect(weights.floats().floats == values)
    }

    private let six: [Float] = [1, -2, 0.5, 4, 8, -0.25]

    @Test func floatsInMemoryAreTheirOwnView() {
        let values = Buffer(six)
        let weights = DenseWeights(shape: [3, 2], values: values)
        #expect(weights.dense === values && weights.byteCount == 24)
        expectHolds(six, weights)
    }

    @Test func floatsOfAFileAreReadWhereTheyLie() throws {
        let tensor = try stored(six, shape: [3, 2], format: .f32)
        let weights = StoredWeights(tensor)
        #expect(weights.dense?.isOwned == false && weights.byteCount == 24)
        #expect(weights.dense.map { UnsafeRawPointer($0.pointer) } == tensor.start)
        expectHolds(six, weights)
    }

    @Test func floatsThatLieCrookedAreExpanded() throws {
        let weights = StoredWeights(try stored(six, shape: [3, 2], format: .f32, offset: 1))
        #expect(weights.dense == nil)
        expectHolds(six, weights)
    }

    @Test func halvesAreExpandedByTheRow() throws {
        let halves: [UInt16] = [0x3C00, 0xC000, 0x3800, 0x4400, 0x4800, 0xB400]
        let weights = StoredWeights(try stored(halves, shape: [3, 2], format: .f16))
        #expect(weights.dense == nil && weights.byteCount == 12)
        expectHolds(six, weights)
    }

    @Test func blocksKeepTheirRows() throws {
        // Scale 0.5, then 32 whole numbers.
        let blocks = (0..<4).flatMap { (row: UInt8) -> [UInt8] in
            [0, 0x38] + (0..<32).map { row * 8 + $0 }
        }
        let tensor = try stored(blocks, shape: [4, 32], format: .q8_0)
        let values = (0..<4).flatMap { row in (0..<32).map { Float(row * 8 + $0) / 2 } }
        expectHolds(values, StoredWeights(tensor))
        expectHolds(values, StoredWeights(tensor, shape: [2, 64]))
        let turned = [3, 0, 2, 1].flatMap { values[$0 * 32..<($0 + 1) * 32] }
        let weights = StoredWeights(tensor, order: [3, 0, 2, 1])
        #expect(weights.byteCount == 136)
        expectHolds(turned, weights)
    }

    @Test func anOrderOfFloatsIsNoView() throws {
        let weights = StoredWeights(try stored(six, shape: [3, 2], format: .f32), order: [2, 0, 1])
        #expect(weights.dense == nil)
        expectHolds([8, -0.25, 1, -2, 0.5, 4], weights)
    }

    @Test func theOrderOfAVectorIsThatOfItsElements() throws {
        let weights = StoredWeights(try stored(six, shape: [6], format: .f32), order: [5, 4, 3, 2, 1, 0])
        expectHolds(six.reversed(), weights)
    }

    @Test func aScalarIsOneRowOfOne() throws {
        expectHolds([3], DenseWeights(shape: [], values: Buffer([3])))
        expectHolds([3], StoredWeights(try stored([Float(3)], shape: [], format: .f32)))
    }
}
