import Diagnostics
import Foundation
import System

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder that appears under its name whole or not at all: written beside it, then exchanged.
enum ReplacedFolder {
    /// Writes a folder by `body`, which gets the path to write to; when that throws, what stood there stays.
    ///
    /// Only a folder that was written this way before is replaced, and only by one of its kind.
    ///
    /// - Throws: `folder-in-use` when other files are in the way; `cannot-write`; what `body` throws.
    static func write(to path: String, as kind: SharedFolder.Kind, _ body: (String) throws -> Void) throws {
        let target = URL(filePath: path).standardizedFileURL
        let isThere = try mayReplace(target, by: kind)
        do {
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        } catch {
            throw Diagnostic("cannot-write", "cannot make \(path): \(error.localizedDescription)")
        }
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
            let failure = isThere ? exchange(staging.path, target.path) : move(staging.path, target.path)
            if let failure { throw cannotWrite(path, because: failure) }
        }
    }

    private static func mayReplace(_ target: URL, by kind: SharedFolder.Kind) throws -> Bool {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: target.path, isDirectory: &isFolder) else {
            return false
        }
        guard isFolder.boolValue else {
            throw Diagnostic("folder-in-use", "\(target.path) is a file", hint: "choose another path")
        }
        let found: [String]
        do {
            found = try FileManager.default.contentsOfDirectory(atPath: target.path).sorted()
        } catch {
            throw Diagnostic("cannot-write", "cannot read \(target.path): \(error.localizedDescription)")
        }
        let isOurs = found.isEmpty || found.contains(SharingNotes.fileName)
        guard isOurs, found.allSatisfy(SharedFolder.fileNames.contains) else {
            let odd = found.first { !SharedFolder.fileNames.contains($0) } ?? found[0]
            throw Diagnostic(
                "folder-in-use", "\(target.path) holds files of another origin, \(odd) among them",
                hint: "choose another path; only what save or merge wrote is replaced")
        }
        if let other = SharedFolder.Kind.of(found), other != kind {
            throw Diagnostic(
                "folder-in-use",
                "\(target.path) holds \(other.name), which \(kind.name) does not take the place of",
                hint: "write to \(target.path)-\(kind.rawValue) instead")
        }
        return true
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
