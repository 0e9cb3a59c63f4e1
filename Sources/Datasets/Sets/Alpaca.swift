import Diagnostics

/// Instructions with answers, for tuning a language model (Stanford Alpaca and what is shaped like it).
struct Alpaca: DatasetSource {
    let name = "alpaca"
    let summary = "instructions with answers from path=FILE: columns instruction, input, output"
    let needsPath = true

    func rows(for request: DatasetRequest, in context: LoadContext) throws -> Rows {
        let rows = try TableFile().rows(at: try requiredPath(request), in: context)
        let missing = ["instruction", "output"].filter { !rows.columns.contains($0) }
        guard missing.isEmpty else {
            throw Diagnostic(
                "missing-column",
                "\(rows.source) has no column \(missing.joined(separator: ", ")); its columns are \(rows.columns.joined(separator: ", "))",
                hint: "expected instruction, input and output")
        }
        return rows
    }
}
