extension Table {
    /// A `<table>` that takes its colours from the page, so that it reads in light and dark.
    ///
    /// No `<style>`, id or script: sharing sites strip them. Alignment is said twice, as an
    /// attribute for pages that drop styles and as a style for those that set their own.
    package var html: String {
        var lines = ["<table class=\"dataframe lorikeet\">"]
        if let caption {
            lines.append(
                "<caption style=\"text-align: left; caption-side: top; font-weight: bold\">"
                    + "\(caption.htmlEscaped)</caption>")
        }
        let alignments = columns.indices.map(alignment(ofColumn:))
        if hasTitles {
            let titles = zip(columns, alignments).map { column, alignment in
                "<th\(attributes(alignment))>\(column.title.htmlEscaped)</th>"
            }
            lines.append("<thead><tr>\(titles.joined())</tr></thead>")
        }
        lines.append("<tbody>")
        for row in rows {
            let cells = zip(zip(row, columns), alignments).map { pair, alignment in
                "<td\(attributes(alignment))>\(Self.content(of: pair.0.text(style: pair.1.style)))</td>"
            }
            lines.append("<tr>\(cells.joined())</tr>")
        }
        lines.append("</tbody>\n</table>")
        lines += warnings.map { warning in
            "<div style=\"border-left: 3px solid \(Palette.colour(1)); padding-left: 8px; margin: 4px 0\">"
                + "\(warning.htmlEscaped)</div>"
        }
        let style = "font-size: 12px; opacity: 0.72; margin: 4px 0"
        if !notes.isEmpty {
            lines.append(
                "<div style=\"\(style)\">\(notes.map(\.htmlEscaped).joined(separator: "<br>"))</div>")
        }
        if !origins.isEmpty {
            lines.append(
                "<details style=\"\(style)\"><summary>where this comes from</summary>"
                    + "\(origins.map(\.htmlEscaped).joined(separator: "<br>"))</details>")
        }
        return lines.joined(separator: "\n")
    }

    /// A text stays on one line; the rest of a long one is a click away.
    static func content(of text: String) -> String {
        let broken = { (text: String) in
            text.htmlEscaped.split(separator: "\n", omittingEmptySubsequences: false).joined(
                separator: "<br>")
        }
        guard text.displayWidth > longest else { return broken(text) }
        let head = text.onOneLine.clipped(to: longest).htmlEscaped
        return "<details><summary>\(head)</summary><div style=\"white-space: normal; max-width: 48em\">"
            + "\(broken(text))</div></details>"
    }

    /// Columns of text that are shown at once.
    private static let longest = 120

    private func attributes(_ alignment: Alignment) -> String {
        let side = alignment.rawValue
        return " align=\"\(side)\" style=\"text-align: \(side)\""
    }
}
