import Diagnostics

/// Separated values as RFC 4180 has them: quotes, doubled quotes, line breaks inside quotes, LF or CRLF.
///
/// Every record must have as many values as the first; blank lines are passed over.
struct CSVReader {
    /// Valid UTF-8.
    let bytes: [UInt8]
    let delimiter: UInt8
    /// Without it quotation marks are letters like any other (usual in tab-separated files).
    let hasQuotes: Bool
    let source: String
    private var position = 0
    private var line = 1

    init(_ bytes: [UInt8], delimiter: UInt8, hasQuotes: Bool = true, source: String) {
        self.bytes = bytes
        self.delimiter = delimiter
        self.hasQuotes = hasQuotes
        self.source = source
    }

    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let quote = UInt8(ascii: "\"")

    /// All records, the header among them.
    mutating func records(interruption: Interruption) throws -> [[String]] {
        var records: [[String]] = []
        while let record = try next(width: records.first?.count) {
            if records.count.isMultiple(of: 1024) { try interruption.check() }
            records.append(record)
        }
        return records
    }

    private mutating func next(width: Int?) throws -> [String]? {
        skipBlankLines()
        guard position < bytes.count else { return nil }
        let start = line
        var record: [String] = []
        record.reserveCapacity(width ?? 8)
        while true {
            record.append(try value())
            guard position < bytes.count, bytes[position] == delimiter else { break }
            position += 1
        }
        endLine()
        if let width, record.count != width {
            throw Diagnostic(
                "ragged-row",
                "line \(start) of \(source) has \(counted(record.count, "value")), expected \(width) as in the first line",
                hint: "a value with a separator in it must stand in quotation marks")
        }
        return record
    }

    private mutating func value() throws -> String {
        if hasQuotes, position < bytes.count, bytes[position] == Self.quote { return try quotedValue() }
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == delimiter || byte == Self.newline { break }
            position += 1
        }
        var end = position
        let endsLine = position == bytes.count || bytes[position] == Self.newline
        if endsLine, end > start, bytes[end - 1] == Self.carriageReturn { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    private mutating func quotedValue() throws -> String {
        let opening = line
        position += 1
        var start = position
        var pieces: [UInt8] = []
        var hasPieces = false
        while position < bytes.count {
            let byte = bytes[position]
            if byte == Self.newline { line += 1 }
            guard byte == Self.quote else {
                position += 1
                continue
            }
            let isDoubled = position + 1 < bytes.count && bytes[position + 1] == Self.quote
            if isDoubled {
                pieces.append(contentsOf: bytes[start...position])
                hasPieces = true
                position += 2
                start = position
                continue
            }
            let end = position
            position += 1
            try checkAfterQuote(opening)
            guard hasPieces else { return String(decoding: bytes[start..<end], as: UTF8.self) }
            pieces.append(contentsOf: bytes[start..<end])
            return String(decoding: pieces, as: UTF8.self)
        }
        throw Diagnostic(
            "open-quote", "the quotation mark in line \(opening) of \(source) is never closed",
            hint: "the file may be cut off; a mark inside a value is written twice")
    }

    private func checkAfterQuote(_ opening: Int) throws {
        guard position < bytes.count else { return }
        let byte = bytes[position]
        guard byte == delimiter || byte == Self.newline || byte == Self.carriageReturn else {
            throw Diagnostic(
                "bad-quote",
                "in line \(line) of \(source) something follows a closing quotation mark (opened in line \(opening))",
                hint: "a mark inside a value is written twice: \"\"")
        }
    }

    private mutating func skipBlankLines() {
        while position < bytes.count {
            guard bytes[position] == Self.newline || bytes[position] == Self.carriageReturn else { return }
            if bytes[position] == Self.newline { line += 1 }
            position += 1
        }
    }

    /// Steps over LF, CRLF or a lone CR.
    private mutating func endLine() {
        if position < bytes.count, bytes[position] == Self.carriageReturn { position += 1 }
        if position < bytes.count, bytes[position] == Self.newline {
            position += 1
            line += 1
        }
    }
}
