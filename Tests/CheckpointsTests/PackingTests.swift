import Checkpoints
import Compute
import Foundation
import Testing

/// What is written in a number format, against the reference's quantisers, bit for bit.
@Suite struct PackingTests {
    private static func packed(_ values: [Float], as format: NumberFormat) throws -> [UInt8] {
        let count = try #require(format.byteCount(of: values.count))
        return [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
            values.withUnsafeBufferPointer {
                if let from = $0.baseAddress, let to = bytes.baseAddress {
                    format.pack(from, into: UnsafeMutableRawPointer(to), count: values.count)
                }
            }
            filled = count
        }
    }

    @Test(arguments: [NumberFormat.f16, .q8_0, .q4_0])
    func blocksAreTheReferences(format: NumberFormat) throws {
        let file = try SafetensorsFile(path: fixture("gguf/packing.safetensors"))
        let values = try #require(file.tensor(named: "values")).floats()
        let wanted = try #require(file.tensor(named: format.rawValue))
        let bytes = (0..<wanted.rowCount).flatMap { wanted.bytes(ofRow: $0) }
        let found = try Self.packed(values, as: format)
        let differing = zip(found, bytes).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
        #expect(found.count == bytes.count)
        #expect(differing.isEmpty, "the first in block \((differing.first ?? 0) / format.bytesPerBlock)")
    }

    @Test(arguments: NumberFormat.packable)
    func whatIsPackedIsAsNearAsItIsSaidToBe(format: NumberFormat) throws {
        let file = try SafetensorsFile(path: fixture("gguf/packing.safetensors"))
        let values = try #require(file.tensor(named: "values")).floats()
        let packed = try Self.packed(values, as: format)
        let again = [Float](unsafeUninitializedCapacity: values.count) { room, filled in
            packed.withUnsafeBytes {
                if let from = $0.baseAddress, let to = room.baseAddress {
                    format.expand(from, into: to, count: values.count)
                }
            }
            filled = values.count
        }
        // Each block for itself, so that large ones hide no small one.
        for first in stride(from: 0, to: values.count, by: 32) {
            let block = first..<first + 32
            func weights(_ all: [Float]) -> DenseWeights {
                DenseWeights(shape: [32], values: Buffer(Array(all[block])))
            }
            let difference = WeightDifference(weights(values), weights(again))
            #expect(difference.isExplained(by: format), "block \(first / 32): \(difference.share)")
        }
    }

    @Test func anotherOrderOfRowsIsMoreThanAnyFormatExplains() {
        let values = (0..<256).map { Float(sin(Double($0) * 0.7)) }
        let rows = DenseWeights(shape: [4, 64], values: Buffer(values))
        let turned = DenseWeights(shape: [4, 64], values: Buffer(Array(values[64...] + values[..<64])))
        for format in NumberFormat.packable {
            #expect(!WeightDifference(rows, turned).isExplained(by: format))
            #expect(WeightDifference(rows, rows).isExplained(by: format))
        }
        let odd = DenseWeights(shape: [4, 64], values: Buffer([.nan] + values.dropFirst()))
        #expect(!WeightDifference(rows, odd).isExplained(by: .q4_0))
    }

    @Test func rowsGoOutInTheFilesOrderAndColumnsAsRows() throws {
        let own = DenseWeights(shape: [3, 2], values: Buffer([0, 1, 10, 11, 20, 21]))
        func written(_ rows: PackedRows) throws -> [Float] {
            var bytes: [UInt8] = []
            try rows.write(to: { bytes += $0 })
            return bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        }
        #expect(try written(PackedRows(own, as: .f32)) == [0, 1, 10, 11, 20, 21])
        #expect(try written(PackedRows(own, as: .f32, order: [2, 0, 1])) == [20, 21, 0, 1, 10, 11])
        #expect(try written(PackedRows(own, as: .f32, transposes: true)) == [0, 10, 20, 1, 11, 21])
        let vector = DenseWeights(shape: [3], values: Buffer([5, 6, 7]))
        #expect(try written(PackedRows(vector, as: .f32, order: [1, 2, 0])) == [6, 7, 5])
    }

    @Test func aFileThatIsRefusedBeforeItIsThereIsNot() throws {
        struct Refused: Error {}
        let folder = NSTemporaryDirectory() + "lorikeet-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var writer = GGUFWriter(architecture: "test")
        writer.add("one", shape: [2], values: [1, 2])
        #expect(throws: Refused.self) {
            try writer.write(to: "\(folder)/a.gguf") { path in
                #expect(try GGUFFile(path: path).tensor(named: "one")?.floats() == [1, 2])
                throw Refused()
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
}
