import Diagnostics
import Foundation
import JSON
import System

/// A file that written texts go to, which appears whole or not at all.
struct TextsFile {
    static let endings = ["csv", "jsonl"]

    let path: String

    /// Looks at the path before any work is done for it.
    ///
    /// - `sources`: files that are read, which are not written over.
    /// - Throws: `bad-value` where its ending says nothing, `cannot-write` where it is taken.
    init(_ path: String, sources: [String]) throws {
        self.path = expandingHome(path)
        let ending = URL(filePath: self.path).pathExtension.lowercased()
        guard Self.endings.contains(ending), !self.path.utf8.contains(0) else {
            throw Diagnostic(
                "bad-value", "to= writes a table or lines of JSON, and \(path.forMessages) is neither",
                hint: "let the name end in .csv or .jsonl")
        }
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: self.path, isDirectory: &isFolder), isFolder.boolValue {
            throw Diagnostic(
                "cannot-write", "\(path.forMessages) is a folder", hint: "let the name end in .csv or .jsonl")
        }
        guard !sources.contains(where: { PathKind.isSameFile(expandingHome($0), self.path) }) else {
            throw Diagnostic(
                "cannot-write", "\(path.forMessages) is where the prompts come from, and is not overwritten",
                hint: "give to= another name, such as answers.csv")
        }
    }

    func write(_ report: GenerationReport) throws {
        let isTable = path.lowercased().hasSuffix(".csv")
        let lines = report.rows.map { row in
            isTable
                ? DisplayFile.row(GenerationReport.columns.map { row[$0]?.string ?? row[$0]?.text() ?? "" })
                : row.text()
        }
        let head = isTable ? [DisplayFile.row(GenerationReport.columns)] : []
        try AtomicFile.write(Array((head + lines).map { $0 + "\n" }.joined().utf8), to: path)
    }
}
