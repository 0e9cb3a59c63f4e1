import Diagnostics
import JSON
import System

/// Parquet, read by the `duckdb` command line where it is installed.
struct ParquetFile: RowFormat {
    let endings = ["parquet", "pq"]

    func rows(at path: String, in context: LoadContext) throws -> Rows {
        try TextFile.check(path)
        guard context.encoding == nil else {
            throw Diagnostic(
                "unused-encoding", "\(path) is Parquet, whose texts are always UTF-8",
                hint: "leave encoding= out")
        }
        guard let duckdb = ChildProcess.find("duckdb") else {
            throw Diagnostic(
                "no-duckdb",
                "\(path) is Parquet, which the duckdb command line reads, and it is not installed",
                hint: "install duckdb, or save the data as csv or jsonl")
        }
        let quoted = path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
        var process = ChildProcess(duckdb, ["-json", "-c", "SELECT * FROM read_parquet('\(quoted)')"])
        process.timeLimit = .seconds(600)
        let outcome = try process.run(interruption: context.interruption)
        guard outcome.status == 0 else {
            let reason = outcome.errorText.split(separator: "\n").first.map { String($0) } ?? "damaged"
            throw Diagnostic("bad-parquet", "duckdb could not read \(path): \(reason)")
        }
        var table = JSONTable()
        let items = try JSON(parsingData: outcome.outputText).array ?? []
        for (index, item) in items.enumerated() {
            try table.append(item, place: "row \(index + 1) of \(path)")
        }
        return table.rows(source: path, notes: [])
    }
}
