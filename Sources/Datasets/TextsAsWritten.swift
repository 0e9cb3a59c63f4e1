import Diagnostics
import Fetching
import Foundation
import System

extension DatasetRegistry {
    /// Texts as they were written, two for each pair, or the rows of the one file that was named.
    ///
    /// - `known`: a data set that says whether texts come in pairs, and how a file's columns are called.
    /// - Throws: `no-text`, `not-a-text`, `no-file` or `no-pair`; what is wrong with the file.
    package static func texts(
        _ texts: [String], like known: Dataset, in fetching: FetchContext
    ) throws -> (examples: [Example], notes: [String]) {
        guard texts.contains(where: { !$0.allSatisfy(\.isWhitespace) }) else {
            throw Diagnostic("no-text", "there is no text to predict")
        }
        try refuseNames(texts)
        var isFolder: ObjCBool = false
        if texts.count == 1, let path = texts.first.map({ expandingHome($0) }),
            FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
        {
            return try self.texts(at: path, like: known, in: fetching)
        }
        guard known.pairColumn != nil else {
            return (texts.enumerated().map { Example(text: $1, id: $0) }, [])
        }
        guard texts.count.isMultiple(of: 2) else {
            throw Diagnostic(
                "no-pair",
                "\(known.name) has pairs of texts, and "
                    + (texts.count == 1 ? "one text is no pair" : "of \(texts.count) texts one is left over"),
                hint: "write predict 'the first text' 'the second'")
        }
        let pairs = stride(from: 0, to: texts.count, by: 2).map {
            Example(text: texts[$0], pair: texts[$0 + 1], id: $0 / 2)
        }
        return (pairs, [])
    }

    /// Refuses what names a file and would be read as a text: a folder, one file among several texts, a file
    /// that is not there.
    private static func refuseNames(_ texts: [String]) throws {
        for text in texts {
            var isFolder: ObjCBool = false
            let path = expandingHome(text)
            let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            if isThere, isFolder.boolValue || texts.count > 1 {
                throw Diagnostic(
                    "not-a-text",
                    "\(text.prefix(60)) is a \(isFolder.boolValue ? "folder" : "file"); predict takes texts, or one file alone"
                )
            }
            let endings = [".csv", ".tsv", ".json", ".jsonl", ".txt", ".parquet"]
            let isName = !text.contains(where: \.isWhitespace) && endings.contains(where: text.hasSuffix)
            if !isThere, isName { throw Diagnostic("no-file", "there is no file \(text.prefix(60))") }
        }
    }
}
