import Diagnostics

/// A text file: its paragraphs, or its lines where none is empty; a table where its first line is one's.
struct PlainText: RowFormat {
    let endings = ["txt"]

    func rows(at path: String, in context: LoadContext) throws -> Rows {
        let file = try TextFile.table(at: path, in: context)
        let bytes = file.lines.filter { $0 != UInt8(ascii: "\r") }
        let lines = String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        if let first = lines.first, SeparatedValues.isTable(first) {
            return try SeparatedValues().rows(at: path, in: context)
        }
        let paragraphs = lines.split { $0.allSatisfy(\.isWhitespace) }
        let isByLine = paragraphs.count == 1
        let texts =
            isByLine ? paragraphs[0].map { String($0) } : paragraphs.map { $0.joined(separator: "\n") }
        guard !texts.isEmpty else {
            throw Diagnostic("no-rows", "\(path) holds nothing but blank lines")
        }
        var rows = Rows(columns: ["text"], values: texts.map { [$0] }, notes: file.notes, source: path)
        rows.notes.append(isByLine ? "each line is a text" : "each paragraph is a text: empty lines end one")
        return rows
    }
}
