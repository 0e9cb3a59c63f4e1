import Diagnostics
import Fetching
import System

/// Passages of a file, the best of which stand before a text: what retrieval adds to what a model knows.
package struct Passages: Sendable {
    package let path: String
    /// How many stand before a text, at most.
    package let count: Int
    private let texts: [String]
    private let index: BM25

    /// The most that may stand before a text.
    package static let range = 1...20
    package static let usualCount = 1
    /// What stands between two of them, and before the text.
    package static let separator = "\n\n"

    package init(_ texts: [String], from path: String, count: Int) {
        self.texts = texts
        (self.path, self.count) = (path, count)
        index = BM25(texts.map(BM25.words))
    }

    package var total: Int { texts.count }

    /// The best for a text, the best first; nil where none shares a word with it.
    package func found(for example: Example) -> String? {
        let words = BM25.words(of: [example.text, example.pair ?? ""].joined(separator: " "))
        let best = index.best(count, for: words)
        return best.isEmpty ? nil : best.map { texts[$0] }.joined(separator: Self.separator)
    }

    /// The examples with what was found for each before its text.
    package func placed(before examples: [Example]) -> [Example] {
        examples.map { example in
            var example = example
            example.context = found(for: example)
            return example
        }
    }
}

extension Dataset {
    /// Has passages stand before the texts of all parts.
    mutating func place(_ passages: Passages) throws {
        self.passages = passages
        for split in Split.allCases { self[split] = passages.placed(before: self[split]) }
        let all = Split.allCases.flatMap { self[$0] }
        let without = all.count { $0.context == nil }
        let file = passages.path.forMessages
        remarks.append(
            Remark(
                "before each text: the best \(passages.count == 1 ? "passage" : "\(passages.count) passages") of "
                    + "\(passages.total.grouped) in \(file), by BM25"))
        if without > 0 {
            remarks.append(Remark("\(counted(without, "text")) share no word with any passage"))
        }
    }
}

extension Passages {
    /// The rows of a table's column of texts, or the paragraphs of a text.
    ///
    /// - Throws: `no-passages`, or what is wrong with the file.
    package init(at path: String, count: Int, in fetching: FetchContext) throws {
        let place = expandingHome(path)
        let isProse = ["txt", "md"].contains(RowFormats.ending(of: place))
        let texts =
            isProse
            ? try Self.paragraphs(at: place, in: LoadContext(fetching))
            : try Self.rows(at: place, in: LoadContext(fetching))
        guard !texts.isEmpty else {
            throw Diagnostic(
                "no-passages", "\(path.forMessages) has no text to find anything in",
                hint: "name a file with a passage a row, or with paragraphs between empty lines")
        }
        self.init(texts, from: path, count: count)
    }

    /// What stands between empty lines.
    private static func paragraphs(at path: String, in context: LoadContext) throws -> [String] {
        let text = try TextFile.table(at: path, in: context)
        let lines = String(decoding: text.bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        return lines.split { $0.allSatisfy(\.isWhitespace) }.map { lines in
            lines.map { String($0).trimmingWhitespace }.joined(separator: " ")
        }
    }

    private static func rows(at path: String, in context: LoadContext) throws -> [String] {
        let rows = try TableFile().rows(at: path, in: context)
        let named = ["passage", "context", "text", "content", "body"].lazy.compactMap { name in
            rows.columns.firstIndex { $0.lowercased() == name }
        }.first
        guard let column = named ?? (rows.columns.count == 1 ? 0 : nil) else {
            throw Diagnostic(
                "missing-column",
                "\(path.forMessages) has no column called passage or text, but \(rows.columns.prefix(5).joined(separator: ", ").forMessages)",
                hint: "call the column with the passages text in the file's first line")
        }
        return rows.values.map { $0[column].trimmingWhitespace }.filter { !$0.isEmpty }
    }
}

extension String {
    fileprivate var trimmingWhitespace: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
