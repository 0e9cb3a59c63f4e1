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
        self.path = try TargetFile.checked(path, endings: Self.endings, sources: sources)
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
