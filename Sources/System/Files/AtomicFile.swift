import Diagnostics
import Foundation

/// A file that appears under its name whole or not at all: written beside it, then renamed.
package struct AtomicFile: ~Copyable {
    private let path: String
    private let staging: Staging
    /// Bytes written so far.
    package private(set) var position = 0
    /// Where it lies until it is whole.
    package var stagedPath: String { staging.path }

    /// Writes a file by `body`; when that throws, nothing is left behind.
    ///
    /// - `mode`: who may read it, as `chmod` counts.
    /// - Throws: `cannot-write` with what the system said.
    package static func write(
        to path: String, mode: mode_t = 0o644, _ body: (inout AtomicFile) throws -> Void
    ) throws {
        var file = try AtomicFile(path: path, mode: mode)
        defer { file.staging.discard() }
        try body(&file)
        try file.publish()
    }

    /// Writes a small file whole.
    package static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws {
        try write(to: path, mode: mode) { try $0.append(bytes) }
    }

    private init(path: String, mode: mode_t) throws {
        self.path = path
        staging = try Staging(.file, beside: path, mode: mode)
    }

    package mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let written = writeBytes(staging.descriptor, start, min(rest.count, 1 << 30))
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw cannotWrite(path, because: errno) }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
            position += written
        }
    }

    package mutating func append(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try append($0) }
    }

    /// Zeros up to a multiple of `alignment`.
    package mutating func pad(to alignment: Int) throws {
        let missing = (alignment - position % alignment) % alignment
        try append([UInt8](repeating: 0, count: missing))
    }

    private func publish() throws {
        guard fsync(staging.descriptor) == 0 else { throw cannotWrite(path, because: errno) }
        try staging.publish {
            guard rename(staging.path, path) == 0 else { throw cannotWrite(path, because: errno) }
        }
        settle(URL(filePath: path).deletingLastPathComponent().path)
    }

    /// Has a folder's names outlive a loss of power, where its file system can promise that.
    private func settle(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }
}

/// The system's `write`, which a member of that name would hide.
private func writeBytes(_ descriptor: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, start, count)
}
