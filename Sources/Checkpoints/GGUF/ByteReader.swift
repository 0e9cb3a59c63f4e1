import Compute
import Diagnostics

/// Reads little-endian values one after the other and never past the end of the file.
struct ByteReader {
    let file: MappedFile
    private(set) var position = 0

    init(file: MappedFile) { self.file = file }

    var remaining: Int { file.count - position }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        let size = MemoryLayout<Number>.size
        guard remaining >= size else { throw ends() }
        defer { position += size }
        return withExtendedLifetime(file) {
            Number(littleEndian: file.bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
        }
    }

    /// A 64-bit count of things that take at least `size` bytes each: at most what is left can hold.
    mutating func count(ofAtLeast size: Int, _ what: String) throws -> Int {
        let found = try number(UInt64.self)
        guard found <= UInt64(remaining / size) else {
            throw Diagnostic(
                "bad-gguf",
                "\(file.name) announces \(found) \(what) at byte \(position - 8), \(remaining) bytes follow: "
                    + "it is truncated or damaged")
        }
        return Int(found)
    }

    mutating func string(_ what: String) throws -> String {
        let length = try count(ofAtLeast: 1, "bytes of \(what)")
        defer { position += length }
        return withExtendedLifetime(file) {
            String(decoding: file.bytes[position..<position + length], as: UTF8.self)
        }
    }

    /// Passes over bytes that `count` has found to be there.
    mutating func skip(_ count: Int) {
        precondition(count <= remaining, "skip \(count) of \(remaining) bytes")
        position += count
    }

    private func ends() -> Diagnostic {
        Diagnostic(
            "bad-gguf",
            "\(file.name) ends within its header, at byte \(file.count): it is truncated or damaged")
    }
}
