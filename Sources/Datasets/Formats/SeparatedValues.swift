import Diagnostics

/// CSV and TSV files: finds the separator, whether quotes count, and whether a header is there.
struct SeparatedValues: RowFormat {
    let endings = ["csv", "tsv", "tab"]

    func rows(at path: String, in context: LoadContext) throws -> Rows {
        let file = try TextFile.table(at: path, in: context)
        let bytes = file.lines
        let prefersTabs = !path.lowercased().contains(".csv")
        let delimiter = delimiter(of: bytes, prefersTabs: prefersTabs)
        var reader = CSVReader(
            bytes, delimiter: delimiter, hasQuotes: delimiter != UInt8(ascii: "\t") || quotesArePaired(bytes),
            source: path)
        var records = try reader.records(interruption: context.interruption)
        guard let first = records.first else {
            throw Diagnostic("no-rows", "\(path) holds nothing but blank lines")
        }
        var notes = file.notes
        var columns = first
        if Self.isHeader(first, before: records.dropFirst()) {
            records.removeFirst()
            columns = Self.distinct(first)
            notes += Self.remarks(on: first, as: columns)
            let repeated = records.count { $0 == first }
            records.removeAll { $0 == first }
            if repeated > 0 {
                notes.append(
                    .warning("\(counted(repeated)) dropped that repeat\(repeated == 1 ? "s" : "") the header")
                )
            }
        } else {
            columns = first.indices.map { "column\($0 + 1)" }
            notes.append(
                .warning("the file has no header: its columns are called \(columns.joined(separator: ", "))"))
        }
        return Rows(columns: columns, values: records, notes: notes, source: path)
    }

    /// The separator that the first line has most of, outside quotation marks.
    private func delimiter(of bytes: [UInt8], prefersTabs: Bool) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in bytes.prefix(65536) {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: "\n"), !isQuoted { break }
            if !isQuoted { counts[byte, default: 0] += 1 }
        }
        let tab = UInt8(ascii: "\t")
        if counts[tab] ?? 0 > 0, prefersTabs { return tab }
        let candidates = [UInt8(ascii: ","), tab, UInt8(ascii: ";"), UInt8(ascii: "|")]
        let best = candidates.max { counts[$0] ?? 0 < counts[$1] ?? 0 } ?? UInt8(ascii: ",")
        return counts[best] ?? 0 > 0 ? best : prefersTabs ? tab : UInt8(ascii: ",")
    }

    /// Whether every tab-separated value that opens with a quotation mark also ends with one.
    private func quotesArePaired(_ bytes: [UInt8]) -> Bool {
        let quote = UInt8(ascii: "\"")
        guard bytes.contains(quote) else { return false }
        var opened = 0
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            for value in line.split(separator: UInt8(ascii: "\t")) where value.first == quote {
                var value = value
                if value.last == UInt8(ascii: "\r") { value.removeLast() }
                guard value.count > 1, value.last == quote,
                    value.count(where: { $0 == quote }).isMultiple(of: 2)
                else { return false }
                opened += 1
            }
        }
        return opened > 0
    }

    /// What columns are called so often that a line with one of them is a header.
    private static let known = [
        "text", "label", "sentence", "review", "class", "message", "sentiment", "split", "id", "title",
    ]

    /// Whether a file whose name does not say so is a table: by the tabs in its first line, or by the names there.
    static func isTable(_ firstLine: Substring) -> Bool {
        if firstLine.contains("\t") { return true }
        let names = firstLine.split { ",;|".contains($0) }.map { String($0).trimmed.lowercased() }
        return names.count > 1 && names.contains(where: known.contains)
    }

    /// A first line is data when one of its values stands again below it, in the same column; that the whole line
    /// does, as where two files were put together, says nothing.
    private static func isHeader(_ first: [String], before rest: ArraySlice<[String]>) -> Bool {
        if first.count == 1, first[0].trimmed.contains(where: \.isWhitespace) { return false }
        if first.contains(where: { known.contains($0.lowercased()) }) { return true }
        if first.contains(where: { $0.isEmpty || $0.utf8.count > 60 || Double($0) != nil }) { return false }
        return !rest.prefix(2000).contains { row in row != first && zip(row, first).contains { $0 == $1 } }
    }

    /// What became of names that are missing or stand twice.
    private static func remarks(on names: [String], as columns: [String]) -> [Remark] {
        zip(names, columns).enumerated().filter { $0.element.0.trimmed != $0.element.1 }.prefix(5).map {
            index, name in
            name.0.trimmed.isEmpty
                ? "column \(index + 1) has no name: it is called \(name.1)"
                : "a second column \(name.0.trimmed.forMessages) is called \(name.1)"
        }
    }

    /// Column names without spaces at their ends, each once; an empty one gets a number.
    private static func distinct(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.enumerated().map { index, name in
            let name = name.trimmed.isEmpty ? "column\(index + 1)" : name.trimmed
            var candidate = name
            var number = 2
            while !taken.insert(candidate).inserted {
                candidate = "\(name)_\(number)"
                number += 1
            }
            return candidate
        }
    }
}

extension String {
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
