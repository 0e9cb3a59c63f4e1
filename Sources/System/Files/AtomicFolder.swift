import Diagnostics
import Foundation

/// A folder that appears under its name whole or not at all: written beside it, then exchanged.
package enum AtomicFolder {
    /// Writes a folder by `body`, which gets the path to write to; when that throws, what stood there stays.
    ///
    /// - Throws: `cannot-write`; what `body` throws.
    package static func write(to path: String, _ body: (String) throws -> Void) throws {
        let target = URL(filePath: path).standardizedFileURL
        try makeFolder(target.deletingLastPathComponent().path)
        let staging = try Staging(.folder, beside: target.path)
        // After an exchange the earlier folder lies in the staging place, and is removed with it.
        defer { staging.discard() }
        do {
            try body(staging.path)
        } catch let problem as Diagnostic {
            // Where it is written meanwhile is nobody's concern.
            throw Diagnostic(
                problem.code, problem.message.replacing(staging.path, with: target.path), at: problem.span,
                hint: problem.hint)
        }
        try staging.publish {
            if let failure = put(staging.path, at: target.path) { throw cannotWrite(path, because: failure) }
        }
    }

    /// Gives a finished folder its place; what stood there then lies where the folder was.
    ///
    /// - Result: the system's `errno` where it would not.
    package static func put(_ folder: String, at target: String) -> Int32? {
        PathKind.isThere(target) ? exchange(folder, target) : move(folder, target)
    }

    private static func move(_ from: String, _ to: String) -> Int32? { rename(from, to) == 0 ? nil : errno }

    /// At once where the system can, else by two renames.
    private static func exchange(_ one: String, _ other: String) -> Int32? {
        #if canImport(Darwin)
            if renamex_np(one, other, UInt32(RENAME_SWAP)) == 0 { return nil }
        #elseif os(Linux)
            if exchangeAtOnce(one, other) { return nil }
        #endif
        let aside = one + "-old"
        if let failure = move(other, aside) { return failure }
        if let failure = move(one, other) {
            _ = move(aside, other)
            return failure
        }
        _ = move(aside, one)
        return nil
    }

    #if os(Linux)
        private typealias Exchange =
            @convention(c) (
                Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
            ) -> Int32

        /// `renameat2` with RENAME_EXCHANGE; looked up, because not every C library declares it.
        private static func exchangeAtOnce(_ one: String, _ other: String) -> Bool {
            guard let symbol = dlsym(nil, "renameat2") else { return false }
            return unsafeBitCast(symbol, to: Exchange.self)(AT_FDCWD, one, AT_FDCWD, other, 2) == 0
        }
    #endif
}
