import JSON

/// Rows of typed cells under titled columns, with a caption above and notes below.
///
///     var table = Table(columns: ["class", .number("f1", .fixed(3))], caption: "By class")
///     table.add(["ham", 0.981])
package struct Table: Displayable, Hashable {
    package var columns: [Column]
    package private(set) var rows: [[Cell]]
    package var caption: String?
    /// What must be known to read the table right: what was cut, an interval's level.
    package var notes: [String]
    /// What makes the figures mean something else than they seem to.
    package var warnings: [String]
    /// The row that sums up those above it and is set apart from them; nil where none does.
    package var summary: Int?
    /// Where it all comes from; folded away where a front end can.
    package var origins: [String]

    package init(
        columns: [Column], rows: [[Cell]] = [], caption: String? = nil, notes: [String] = [],
        warnings: [String] = [], origins: [String] = []
    ) {
        self.columns = columns
        self.rows = []
        self.caption = caption
        self.notes = notes
        (self.warnings, self.origins) = (warnings, origins)
        for row in rows { add(row) }
    }

    /// Appends a row; a short one is filled with empty cells.
    package mutating func add(_ row: [Cell]) {
        precondition(
            row.count <= columns.count, "a row of \(row.count) cells in a table of \(columns.count) columns")
        rows.append(row + Array(repeating: .empty, count: columns.count - row.count))
    }

    package func mimeBundle() -> MimeBundle {
        let short = shortened()
        let shown = short.columns.count > Self.columnLimit ? short.withoutMiddle(keeping: 16, 6) : short
        let plain = short.lined
        return MimeBundle(
            data: [
                MimeType.html: .string(shown.html), MimeType.markdown: .string(shown.markdown),
                // Lines of a page and of a terminal have room for fewer columns, and leave out their own.
                MimeType.latex: .string(short.latex), MimeType.plain: .string(plain.text),
            ], sentences: plain.sentences)
    }

    /// What more than so many rows or columns are cut to, when they are shown; the value has all.
    package static let (rowLimit, columnLimit) = (200, 24)

    /// Without the middle of what is too long to be looked at, and with a note that says so.
    func shortened() -> Table {
        guard rows.count > Self.rowLimit else { return self }
        var table = self
        let (head, tail) = (150, 20)
        let left = NumberStyle.automatic.text(Double(rows.count - head - tail))
        let gap = columns.map { _ in Cell.text("⋮") }
        table.rows = rows.prefix(head) + [gap] + rows.suffix(tail)
        table.summary = summary.flatMap { row in
            row >= rows.count - tail ? row - rows.count + table.rows.count : nil
        }
        table.notes.append(
            "\(left) of \(NumberStyle.automatic.text(Double(rows.count))) rows are left out, at ⋮")
        return table
    }

    /// The rows as objects, keyed by column.
    package var value: JSON {
        .array(
            rows.map { row in
                .object(JSONObject(zip(columns, row).map { ($0.key, $1.value) }))
            })
    }
}

extension Table {
    package struct Column: Sendable, Hashable, ExpressibleByStringLiteral {
        package var title: String
        /// The name in `value`; the title unless given.
        package var key: String
        /// nil: numbers stand right, everything else left.
        package var alignment: Alignment?
        package var style: NumberStyle
        /// Plain text is cut to so many columns of the terminal.
        package var widthLimit: Int
        /// Whether it stays where others are left out for want of room.
        package var isKept = false

        package init(
            _ title: String, key: String? = nil, alignment: Alignment? = nil,
            style: NumberStyle = .automatic, widthLimit: Int = 60
        ) {
            self.title = title
            self.key = key ?? title
            self.alignment = alignment
            self.style = style
            self.widthLimit = widthLimit
        }

        package init(stringLiteral value: String) { self.init(value) }

        package static func number(_ title: String, _ style: NumberStyle, key: String? = nil) -> Column {
            Column(title, key: key, alignment: .trailing, style: style)
        }
    }

    package enum Cell: Sendable, Hashable {
        case empty
        /// A figure that there is not: written as –, and null to a reader of values.
        case absent
        case text(String)
        case integer(Int)
        case number(Double)
        case flag(Bool)
        /// A number written in a style of its own.
        case styled(Double, NumberStyle)
        /// An estimate with the bounds of its confidence interval.
        case estimate(Double, low: Double, high: Double)

        package var value: JSON {
            switch self {
            case .empty, .absent: .null
            case .text(let text): .string(text)
            case .integer(let number): .integer(number)
            case .number(let number), .styled(let number, _): .number(number)
            case .flag(let flag): .bool(flag)
            case .estimate(let number, let low, let high):
                ["value": .number(number), "low": .number(low), "high": .number(high)]
            }
        }

        var isNumeric: Bool {
            switch self {
            case .integer, .number, .styled, .estimate: true
            case .empty, .absent, .text, .flag: false
            }
        }

        func text(style: NumberStyle) -> String {
            switch self {
            case .empty: ""
            case .absent: "–"
            case .text(let text): text
            case .integer(let number): style.text(Double(number))
            case .number(let number): style.text(number)
            case .flag(let flag): flag ? "yes" : "no"
            case .styled(let number, let own): own.text(number)
            case .estimate(let number, let low, let high):
                "\(style.text(number)) (\(style.text(low))–\(style.text(high)))"
            }
        }
    }

    /// A table of facts (`KeyValue`) has no line of titles.
    var hasTitles: Bool { columns.contains { !$0.title.isEmpty } }

    /// Where a column's cells stand: as declared, else right when every filled cell is a number.
    func alignment(ofColumn index: Int) -> Alignment {
        if let declared = columns[index].alignment { return declared }
        let filled = rows.lazy.map { $0[index] }.filter { $0 != .empty && $0 != .absent }
        return !filled.isEmpty && filled.allSatisfy(\.isNumeric) ? .trailing : .leading
    }
}

extension Table.Cell: ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(booleanLiteral value: Bool) { self = .flag(value) }
    package init(nilLiteral: ()) { self = .empty }
}
