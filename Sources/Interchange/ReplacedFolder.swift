import Diagnostics
import Foundation
import System

/// A folder of ours that takes the place of an earlier one, whole or not at all.
enum ReplacedFolder {
    /// Writes a folder by `body`, which gets the path to write to; when that throws, what stood there stays.
    ///
    /// Only a folder that was written this way before is replaced, and only by one of its kind.
    ///
    /// - Throws: `folder-in-use` when other files are in the way; `cannot-write`; what `body` throws.
    static func write(to path: String, as kind: SharedFolder.Kind, _ body: (String) throws -> Void) throws {
        try requireReplaceable(URL(filePath: path).standardizedFileURL, by: kind)
        try AtomicFolder.write(to: path, body)
    }

    private static func requireReplaceable(_ target: URL, by kind: SharedFolder.Kind) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: target.path, isDirectory: &isFolder) else { return }
        guard isFolder.boolValue else {
            throw Diagnostic("folder-in-use", "\(target.path) is a file", hint: "choose another path")
        }
        let found: [String]
        do {
            found = try FileManager.default.contentsOfDirectory(atPath: target.path).sorted()
        } catch {
            throw Diagnostic("cannot-write", "cannot read \(target.path): \(systemReason(error))")
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
    }
}
