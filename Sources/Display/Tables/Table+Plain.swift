extension Table {
    /// Columns lined up by display width under a rule, in no more columns of a terminal than it has.
    ///
    /// Where they take more, titles go on in a second line and texts are cut after a word; where that does not do,
    /// columns in the middle are left out.
    package var plain: String { lined.text }

    /// The same with how many of its last lines are sentences: that columns are left out is one more.
    var lined: (text: String, sentences: Int) {
        if columns.count <= Self.mostTried, let form = PlainTable(self) { return (form.text, sentences) }
        let narrow = withoutMiddle { PlainTable($0) != nil }
        return (PlainTable(narrow, isForced: true)?.text ?? "", narrow.sentences)
    }

    private var sentences: Int { notes.count + warnings.count + origins.count }
}

/// A table's letters, with a width for each column.
private struct PlainTable {
    /// Columns of a terminal.
    private static let room = 80
    private static let gap = 2
    /// To so many a text or a word of a title may be cut.
    private static let narrowest = 12

    private let table: Table
    private let widths: [Int]
    private let alignments: [Alignment]
    private let body: [[String]]

    /// - `isForced`: takes what room it needs; else nil where there is too little.
    init?(_ table: Table, isForced: Bool = false) {
        self.table = table
        let alignments = table.columns.indices.map(table.alignment(ofColumn:))
        let body = Self.cut(
            table.rows.map { row in
                zip(row, table.columns).map { cell, column in cell.text(style: column.style).onOneLine }
            }, to: table.columns.map(\.widthLimit))
        let cells = table.columns.indices.map { index in body.map { $0[index].displayWidth }.max() ?? 0 }
        let titles = table.columns.map { $0.title.onOneLine }
        let natural = zip(titles, cells).map { max($0.displayWidth, $1) }
        let least = table.columns.indices.map { index in
            let longest = titles[index].split(separator: " ").map { String($0).displayWidth }.max() ?? 0
            // Figures are never cut.
            let figures = alignments[index] == .leading ? min(cells[index], Self.narrowest) : cells[index]
            return max(min(longest, Self.narrowest), figures)
        }
        let room = Self.room - Self.gap * max(0, table.columns.count - 1)
        // Titles over figures go on in a second line all together.
        let titled = natural.indices.map { alignments[$0] == .leading ? natural[$0] : least[$0] }
        let wanted = natural.reduce(0, +) <= room ? natural : titled
        guard let widths = ColumnWidths.shared(wanted, least: least, room: room) ?? (isForced ? natural : nil)
        else { return nil }
        (self.widths, self.alignments, self.body) = (widths, alignments, Self.cut(body, to: widths))
    }

    private static func cut(_ rows: [[String]], to widths: [Int]) -> [[String]] {
        let columns = widths.indices.map { index in
            String.clipped(rows.map { $0[index] }, to: widths[index])
        }
        return rows.indices.map { row in columns.map { $0[row] } }
    }

    var text: String {
        var lines = table.caption.map { [$0.withoutControls.wrapped(to: Self.room)] } ?? []
        if table.hasTitles { lines += head }
        lines.append(
            widths.map { String(repeating: "─", count: $0) }.joined(
                separator: String(repeating: " ", count: Self.gap)))
        lines +=
            body.isEmpty
            ? ["(no rows)"]
            : body.map(line)
        lines += table.warnings.map { "! \($0.onOneLine)" }
        lines += (table.notes + table.origins).map { "  \($0.onOneLine)" }
        return lines.joined(separator: "\n")
    }

    /// Titles in as many lines as the one that needs most; each stands on the rule.
    private var head: [String] {
        let titles = zip(table.columns, widths).map { column, width in
            column.title.onOneLine.wrapped(to: width).split(separator: "\n").map {
                String($0).clipped(to: width)
            }
        }
        let count = max(1, titles.map(\.count).max() ?? 1)
        return (0..<count).map { index in
            line(
                titles.map { lines in
                    let place = index - (count - lines.count)
                    return place >= 0 ? lines[place] : ""
                })
        }
    }

    private func line(_ cells: [String]) -> String {
        let filled = cells.indices.map { cells[$0].padded(to: widths[$0], alignments[$0]) }
        return filled.joined(separator: String(repeating: " ", count: Self.gap)).trimmingTrailingSpaces
    }
}

extension String {
    var trimmingTrailingSpaces: String {
        var copy = self[...]
        while copy.last == " " { copy.removeLast() }
        return String(copy)
    }
}
