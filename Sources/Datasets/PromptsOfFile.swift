import Diagnostics
import Fetching

/// What a text is to go on from: words, and what they are about, where that stands apart.
package struct PromptRow: Sendable, Hashable {
    package var text: String
    package var input: String

    package init(_ text: String, input: String = "") { (self.text, self.input) = (text, input) }
}

extension DatasetRegistry {
    /// The prompts of a file's rows in their order.
    ///
    /// - Throws: what is wrong with the file; `missing-column` where it is not plain which column holds prompts.
    package static func prompts(
        at path: String, in fetching: FetchContext
    ) throws -> (rows: [PromptRow], notes: [String]) {
        let rows = try TableFile().rows(at: path, in: LoadContext(fetching))
        func place(_ names: [String]) -> Int? {
            names.lazy.compactMap { name in rows.columns.firstIndex { $0.lowercased() == name } }.first
        }
        guard
            let text = place(["prompt", "instruction", "question", "text"])
                ?? (rows.columns.count == 1 ? 0 : nil)
        else {
            throw Diagnostic(
                "missing-column",
                "\(path.forMessages) has no column called prompt, but \(rows.columns.prefix(5).joined(separator: ", ").forMessages)",
                hint: "call the column with the prompts prompt in the file's first line")
        }
        guard !rows.values.isEmpty else {
            throw Diagnostic("no-rows", "there are no rows in \(path.forMessages)")
        }
        let input = place(["input", "context"])
        return (
            rows.values.map { row in PromptRow(row[text], input: input.map { row[$0] } ?? "") },
            rows.notes.map(\.text)
        )
    }
}
