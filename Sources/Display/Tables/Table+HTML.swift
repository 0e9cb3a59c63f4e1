extension Table {
    /// A `<table>` that takes its colours from the page, so that it reads in light and dark.
    ///
    /// No `<style>`, id or script: sharing sites strip them. Alignment is said twice, as an
    /// attribute for pages that drop styles and as a style for those that set their own.
    package var html: String {
        var lines = ["<table class=\"dataframe\">"]
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
                let text = pair.0.text(style: pair.1.style).htmlEscaped
                let broken = text.split(separator: "\n", omittingEmptySubsequences: false)
                let content = broken.joined(separator: "<br>")
                return "<td\(attributes(alignment, isLong: content.count > 80))>\(content)</td>"
            }
            lines.append("<tr>\(cells.joined())</tr>")
        }
        lines.append("</tbody>\n</table>")
        if !notes.isEmpty {
            lines.append("<p><small>\(notes.map(\.htmlEscaped).joined(separator: "<br>"))</small></p>")
        }
        return lines.joined(separator: "\n")
    }

    private func attributes(_ alignment: Alignment, isLong: Bool = false) -> String {
        let side = alignment.rawValue
        let room = isLong ? "; white-space: normal; min-width: 24em" : ""
        return " align=\"\(side)\" style=\"text-align: \(side)\(room)\""
    }
}
