extension Table {
    /// A tabular for papers and for notebooks turned into PDF, as wide as the text at most; a long one goes on over
    /// pages. Its rules are those of booktabs.
    package var latex: String {
        let (table, widths, size) = fitted(toSizes: LaTeXSize.allCases)
        let form = LaTeXForm(table, widths: widths, size: size)
        let above = captionOfPage.map { [#"\textbf{"# + $0.latexEscaped + "}", ""] } ?? []
        let warned = warnings.flatMap { ["", #"\textbf{"# + $0.onOneLine.latexEscaped + "}"] }
        let below =
            warned
            + (table.notes + origins).flatMap {
                ["", #"{\footnotesize "# + $0.onOneLine.latexEscaped + #"\par}"#]
            }
        return (above + form.lines + below).joined(separator: "\n")
    }

    /// The largest letters in which all columns have room, long texts in lines below one another; where even the
    /// smallest are too large, without the columns in the middle.
    private func fitted(toSizes sizes: [LaTeXSize]) -> (Table, widths: [Int?], LaTeXSize) {
        for size in sizes where columns.count <= Self.mostTried {
            if let widths = latexWidths(within: size.letters) { return (self, widths, size) }
        }
        let smallest = sizes.last ?? .normal
        let narrow = withoutMiddle { $0.latexWidths(within: smallest.letters) != nil }
        // Where nothing has room the columns stand as wide as they are.
        let widths = narrow.latexWidths(within: smallest.letters) ?? narrow.columns.map { _ in nil }
        return (narrow, widths, smallest)
    }

    /// For each column nil, or in how many letters its texts are broken; nil where there is no room.
    private func latexWidths(within room: Int) -> [Int?]? {
        let natural = columns.indices.map { index in
            max(
                columns[index].title.onOneLine.displayWidth,
                rows.map { $0[index].text(style: columns[index].style).onOneLine.displayWidth }.max() ?? 0)
        }
        let least = columns.indices.map { index in
            alignment(ofColumn: index) == .leading
                ? min(natural[index], LaTeXForm.narrowestText) : natural[index]
        }
        let shared = room - LaTeXForm.gap * max(0, columns.count - 1)
        guard let widths = ColumnWidths.shared(natural, least: least, room: shared) else { return nil }
        return zip(widths, natural).map { $0 < $1 ? $0 : nil }
    }
}

/// Sizes of letters, the largest first, and how many of a text's go into a line of a page.
private enum LaTeXSize: String, CaseIterable {
    case normal = ""
    case small = #"\small"#
    case smaller = #"\footnotesize"#
    case smallest = #"\scriptsize"#

    /// For lines of 6.5 inches in letters of 11 points; the mean letter takes half its size.
    var letters: Int {
        switch self {
        case .normal: 80
        case .small: 88
        case .smaller: 97
        case .smallest: 104
        }
    }
}

/// Rows between rules, in columns of given widths.
private struct LaTeXForm {
    /// Letters between two columns.
    static let gap = 3
    /// Letters of a line in a column of texts, at least.
    static let narrowestText = 18
    /// So many rows stand on one page.
    private static let pageRows = 40
    /// Letters of a text; a page has nothing to unfold.
    private static let longestText = 300

    private let table: Table
    private let widths: [Int?]
    private let size: LaTeXSize

    init(_ table: Table, widths: [Int?], size: LaTeXSize) {
        (self.table, self.widths, self.size) = (table, widths, size)
    }

    var lines: [String] {
        let isLong = table.rows.count > Self.pageRows
        let begin =
            isLong
            ? #"\begin{longtable}[l]{@{}"# + letters + "@{}}" : #"\begin{tabular}{@{}"# + letters + "@{}}"
        var lines = ["% \\usepackage{booktabs\(isLong ? ", longtable" : "")}", begin, #"\toprule"#]
        if table.hasTitles {
            lines += [row(table.columns.map { text($0.title) }), #"\midrule"#]
            if isLong { lines.append(#"\endhead"#) }
        }
        lines += table.rows.map { cells in
            row(
                table.columns.indices.map { index in
                    let shown = text(cells[index].text(style: table.columns[index].style))
                    return widths[index] == nil ? shown : #"\raggedright "# + shown
                })
        }
        lines += [#"\bottomrule"#, isLong ? #"\end{longtable}"# : #"\end{tabular}"#]
        guard size != .normal else { return lines }
        return ["{\(size.rawValue)"] + lines + [#"\par}"#]
    }

    private var letters: String {
        table.columns.indices.map { index in
            if let width = widths[index] {
                let share = NumberStyle.fixed(3).text(Double(width) / Double(size.letters))
                return "p{\(share)\\linewidth}"
            }
            return switch table.alignment(ofColumn: index) {
            case .leading: "l"
            case .trailing: "r"
            case .centre: "c"
            }
        }.joined()
    }

    private func text(_ text: String) -> String {
        text.onOneLine.clippedAfterWord(to: Self.longestText).latexEscaped
    }

    /// What ends a row takes a star or a bracket after it for its own, so that a cell never begins with one.
    private func row(_ cells: [String]) -> String {
        let guarded = cells.map { $0.hasPrefix("[") || $0.hasPrefix("*") ? "{}" + $0 : $0 }
        return guarded.joined(separator: " & ") + #" \tabularnewline"#
    }
}
