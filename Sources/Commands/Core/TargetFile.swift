import Diagnostics
import Foundation
import System

/// A file that a verb is to write, looked at before any work is done for it.
enum TargetFile {
    /// The path as it is to be written.
    ///
    /// - `endings`: what its name may end in.
    /// - `sources`: files that are read, which are not written over.
    /// - Throws: `bad-value` where its ending says nothing, `cannot-write` where it is taken.
    static func checked(_ path: String, endings: [String], sources: [String]) throws -> String {
        let whole = expandingHome(path)
        let names = endings.map { ".\($0)" }.joined(separator: " or ")
        guard endings.contains(URL(filePath: whole).pathExtension.lowercased()), !whole.utf8.contains(0)
        else {
            throw Diagnostic(
                "bad-value", "to= writes a \(names) file, and \(path.forMessages) is none",
                hint: "name a file that ends in \(names)")
        }
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: whole, isDirectory: &isFolder), isFolder.boolValue {
            throw Diagnostic(
                "cannot-write", "\(path.forMessages) is a folder", hint: "name a file that ends in \(names)")
        }
        guard !sources.contains(where: { PathKind.isSameFile(expandingHome($0), whole) }) else {
            throw Diagnostic(
                "cannot-write", "\(path.forMessages) is where the texts come from, and is not overwritten",
                hint: "give to= another name, such as answers.\(endings.first ?? "csv")")
        }
        return whole
    }
}
