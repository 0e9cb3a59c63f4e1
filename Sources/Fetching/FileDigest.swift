import Crypto
import Diagnostics
import Foundation
import System

/// SHA-256 of a file, read a piece at a time.
package enum FileDigest {
    static func sha256(of path: String, interruption: Interruption) throws -> String {
        guard let file = FileHandle(forReadingAtPath: path) else { throw PathKind.missing(path) }
        defer { try? file.close() }
        var digest = SHA256()
        while let piece = try piece(of: file, path), !piece.isEmpty {
            try interruption.check()
            digest.update(data: piece)
        }
        return hexadecimal(digest.finalize())
    }

    /// The name that git gives a small file: SHA-1 over a header and the content.
    static func gitBlob(of path: String) throws -> String {
        guard let content = FileManager.default.contents(atPath: path) else { throw PathKind.missing(path) }
        return hexadecimal(Insecure.SHA1.hash(data: Data("blob \(content.count)\0".utf8) + content))
    }

    private static func piece(of file: FileHandle, _ path: String) throws -> Data? {
        do {
            return try file.read(upToCount: 1 << 20)
        } catch {
            throw Diagnostic("not-readable", "\(path) could not be read: \(systemReason(error))")
        }
    }

    package static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        System.hexadecimal(of: bytes)
    }
}
