import Compute
import Diagnostics
import Foundation
import Testing

@Suite struct StoredTensorTests {
    /// A mapped file of these bytes; the mapping outlives the file's name.
    private func mapped(_ bytes: [UInt8]) throws -> MappedFile {
        let path = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try Data(bytes).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        return try MappedFile(path: path.path(percentEncoded: false))
    }

    private func message(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "nothing"
        } catch { return "\(error)" }
    }

    @Test func anEmptyFileIsMappedAsNothing() throws {
        let file = try mapped([])
        #expect(file.count == 0)
        #expect(file.bytes.isEmpty)
        let tensor = try StoredTensor(name: "none", shape: [0, 3], format: .f32, file: file, offset: 0)
        #expect(tensor.floats() == [])
    }

    @Test func whatIsNoFileSaysSo() throws {
        #expect(message { _ = try MappedFile(path: "/no/such/file") } == "there is no file /no/such/file")
        let folder = FileManager.default.temporaryDirectory.path(percentEncoded: false)
        #expect(message { _ = try MappedFile(path: folder) }.contains("is not a file"))
    }

    @Test func valuesMayLieAtAnyAlignment() throws {
        let values: [Float] = [1.5, -2, .leastNonzeroMagnitude, .infinity]
        let bytes = [7] + values.withUnsafeBytes(Array.init)
        let tensor = try StoredTensor(
            name: "odd", shape: [2, 2], format: .f32, file: mapped(bytes), offset: 1)
        #expect(tensor.floats() == values)
        tensor.releasePages()
        #expect(tensor.floats() == values)
    }

    @Test func halvesKeepSubnormalsInfinitiesAndNaN() throws {
        let halves: [UInt16] = [0x0001, 0x83ff, 0x0400, 0x7bff, 0xfc00, 0x7e01, 0x8000]
        let tensor = try StoredTensor(
            name: "halves", shape: [7], format: .f16, file: mapped(halves.withUnsafeBytes(Array.init)),
            offset: 0)
        let expected: [UInt32] = halves.map { half in
            let (exponent, fraction) = (UInt32(half >> 10 & 31), UInt32(half & 1023))
            let sign = UInt32(half >> 15) << 31
            switch exponent {
            case 0: return sign | (Float(fraction) * 0x1p-24).bitPattern
            case 31: return sign | 0x7f80_0000 | fraction << 13
            default: return sign | (exponent + 112) << 23 | fraction << 13
            }
        }
        #expect(tensor.floats().map(\.bitPattern) == expected)
    }

    @Test func aScalarIsOneRowOfOne() throws {
        let tensor = try StoredTensor(
            name: "scalar", shape: [], format: .u8, file: mapped([42]), offset: 0)
        #expect(tensor.rowCount == 1 && tensor.rowLength == 1)
        #expect(tensor.floats() == [42])
    }

    @Test func aTensorPastTheEndOfTheFileIsRefused() throws {
        let file = try mapped([UInt8](repeating: 0, count: 64))
        let text = message {
            _ = try StoredTensor(name: "w", shape: [4, 4], format: .f32, file: file, offset: 4)
        }
        #expect(text.contains("tensor w of shape [4, 4] in F32 needs 64 bytes at offset 4"))
        #expect(text.contains("the file ends at 64"))
        for shape in [[Int.max, 2], [-1], [0, Int.max], [Int.max]] {
            #expect(throws: Diagnostic.self) {
                _ = try StoredTensor(name: "w", shape: shape, format: .f32, file: file, offset: 0)
            }
        }
        for offset in [-1, 65, Int.max] {
            #expect(throws: Diagnostic.self) {
                _ = try StoredTensor(name: "w", shape: [1], format: .u8, file: file, offset: offset)
            }
        }
    }

    @Test func rowsHoldWholeBlocks() throws {
        let file = try mapped([UInt8](repeating: 0, count: 1024))
        let text = message {
            _ = try StoredTensor(name: "w", shape: [2, 16], format: .q4_0, file: file, offset: 0)
        }
        #expect(text.contains("rows of 16 elements, which are no whole Q4_0 blocks of 32"))
    }

    @Test(arguments: NumberFormat.allCases)
    func aBlockOfZerosIsZero(format: NumberFormat) throws {
        let bytes = [UInt8](repeating: 0, count: 3 * format.bytesPerBlock)
        let tensor = try StoredTensor(
            name: "zeros", shape: [3, format.elementsPerBlock], format: format, file: mapped(bytes), offset: 0
        )
        #expect(tensor.byteCount == bytes.count)
        #expect(tensor.floats().allSatisfy { $0 == 0 })
    }
}
