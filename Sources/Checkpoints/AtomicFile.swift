import Diagnostics
import System

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that appears under its name whole or not at all: written beside it, then renamed.
struct AtomicFile: ~Copyable {
    private let path: String
    private let staging: Staging
    private(set) var position = 0

    /// Writes a file by `body`; when that throws, nothing is left behind.
    ///
    /// - Throws: `cannot-write` with what the system said.
    static func write(to path: String, _ body: (inout AtomicFile) throws -> Void) throws {
        var file = try AtomicFile(path: path)
        defer { file.staging.discard() }
        try body(&file)
        try file.publish()
    }

    private init(path: String) throws {
        self.path = path
        staging = try Staging(.file, beside: path)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let written = Self.writeBytes(staging.descriptor, start, min(rest.count, 1 << 30))
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw cannotWrite(path, because: errno) }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
            position += written
        }
    }

    mutating func append(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try append($0) }
    }

    /// Zeros up to a multiple of `alignment`.
    mutating func pad(to alignment: Int) throws {
        let missing = (alignment - position % alignment) % alignment
        try append([UInt8](repeating: 0, count: missing))
    }

    private func publish() throws {
        guard fsync(staging.descriptor) == 0 else { throw cannotWrite(path, because: errno) }
        try staging.publish {
            guard rename(staging.path, path) == 0 else { throw cannotWrite(path, because: errno) }
        }
    }

    private static func writeBytes(_ descriptor: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, start, count)
        #elseif canImport(Musl)
            Musl.write(descriptor, start, count)
        #else
            Darwin.write(descriptor, start, count)
        #endif
    }
}
