import Diagnostics
import Fetching

extension DatasetRegistry {
    /// The texts of a file's rows in their order, without classes and parts: what there is to predict.
    ///
    /// - `known`: a data set whose columns of texts the file has too, perhaps; else they are looked for.
    /// - Throws: what is wrong with the file; `no-pair` where `known` has pairs and the file has not.
    package static func texts(
        at path: String, like known: Dataset, in fetching: FetchContext
    ) throws -> (examples: [Example], notes: [String]) {
        let rows = try TableFile().rows(at: path, in: LoadContext(fetching))
        func shared(_ column: String?) -> String? { column.flatMap { rows.index(of: $0) == nil ? nil : $0 } }
        let request = DatasetRequest(
            path: path, textColumn: shared(known.textColumn), pairColumn: shared(known.pairColumn))
        var unused: [Remark] = []  // what was not taken for classes: none are wanted
        var roles: Rows.Roles
        do {
            roles = try ColumnSniffer(rows: rows, request: request).roles(notes: &unused)
        } catch let problem as Diagnostic {
            // What is advised there are keys of load.
            throw Diagnostic(
                problem.code, problem.message,
                hint: "call the column with the texts \(known.textColumn ?? "text") in the file's first line")
        }
        let hasPairs = known.pairColumn != nil
        guard !hasPairs || roles.pair != nil else {
            throw Diagnostic(
                "no-pair", "\(known.name) has pairs of texts, and \(path) has no column for the second",
                hint: "call its columns \(known.textColumn ?? "text") and \(known.pairColumn ?? "pair")")
        }
        guard !rows.values.isEmpty else { throw Diagnostic("no-rows", "there are no rows in \(path)") }
        if !hasPairs { roles.pair = nil }
        let reader = RowReader(rows, roles, needsAnswers: false)
        let examples = rows.values.enumerated().map { id, row in
            let content = (try? reader.content(of: row)) ?? RowContent(pair: hasPairs ? "" : nil)
            return Example(content, id: id)
        }
        let empty = examples.count { $0.text.allSatisfy(\.isWhitespace) }
        let note =
            empty > 0
            ? [
                "\(counted(empty)) without a text, given a \(known.shape == .values ? "number" : "class") all the same"
            ] : []
        return (
            examples,
            (rows.notes + rows.nestedRemarks(except: Array(roles.columns.values))).map(\.text) + note
        )
    }
}
