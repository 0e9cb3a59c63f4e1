extension Table {
    /// A `<table>` that takes its colours from the page, so that it reads in light and dark.
    ///
    /// No `<style>`, id or script: sharing sites strip them. Alignment is said twice, as an
    /// attribute for pages that drop styles and as a style for those that set their own.
    package var html: String {
        var lines = [
            "<div class=\"\(Markup.noMathematics)\">",
            // A table that is wider than the page scrolls in its own place.
            "<div style=\"overflow-x: auto\"><table class=\"dataframe lorikeet\" "
                + "style=\"border-collapse: collapse; border: none; margin: 0; font-size: 13px; line-height: 1.35; \(Markup.figures)\">",
        ]
        if let caption {
            lines.append(
                "<caption style=\"text-align: left; caption-side: top; font-weight: 600; padding: 0 0 2px 0\">"
                    + "\(caption.htmlEscaped)</caption>")
        }
        let alignments = columns.indices.map(alignment(ofColumn:))
        if hasTitles {
            let titles = zip(columns, alignments).map { column, alignment in
                "<th\(attributes(alignment, "3px"))>\(Markup.short(column.title, to: Self.longestTitle))</th>"
            }
            lines.append("<thead>\(line(titles, below: Markup.rule))</thead>")
        }
        lines.append("<tbody>")
        for (index, row) in rows.enumerated() {
            let cells = zip(zip(row, columns), alignments).map { pair, alignment in
                let text = pair.0.text(style: pair.1.style)
                // A name or a figure is not broken to make room for a long text.
                let whole = text.displayWidth <= 24 ? "; white-space: nowrap" : ""
                return "<td\(attributes(alignment, "4px", whole))>\(Self.content(of: text))</td>"
            }
            let isLast = index == rows.count - 1
            let edge = isLast ? nil : index + 1 == summary ? Markup.rule : Markup.faintRule
            lines.append(line(cells, below: edge, kind: index == summary ? " class=\"lk-summary\"" : ""))
        }
        lines.append("</tbody>\n</table></div>")
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
        return (lines + ["</div>"]).joined(separator: "\n")
    }

    /// A text stays on one line; the rest of a long one is a click away, that of a long word under the pointer.
    static func content(of text: String) -> String {
        let broken = { (text: String) in
            text.htmlEscaped.split(separator: "\n", omittingEmptySubsequences: false).joined(
                separator: "<br>")
        }
        let shown = text.withWordsClipped(to: longestWord)
        guard shown.displayWidth > longest else {
            return shown == text
                ? broken(text) : "<span title=\"\(text.htmlEscaped)\">\(broken(shown))</span>"
        }
        let head = shown.onOneLine.clipped(to: longest).htmlEscaped
        return "<details><summary>\(head)</summary>"
            + "<div style=\"white-space: normal; max-width: 48em; overflow-wrap: break-word\">"
            + "\(broken(text))</div></details>"
    }

    /// Columns of text that are shown at once.
    private static let longest = 120
    /// Of a title, a class's name perhaps, and of a word that no line breaks.
    private static let (longestTitle, longestWord) = (40, 40)

    /// A row with a hairline below it and without the page's stripes: fewer marks.
    private func line(_ cells: [String], below colour: String?, kind: String = "") -> String {
        let edge = colour.map { "; border-bottom: 1px solid \($0)" } ?? ""
        return "<tr\(kind) style=\"background: transparent\(edge)\">\(cells.joined())</tr>"
    }

    private func attributes(_ alignment: Alignment, _ room: String, _ more: String = "") -> String {
        let side = alignment.rawValue
        return
            " align=\"\(side)\" style=\"text-align: \(side); padding: \(room) 18px \(room) 0; border: none\(more)\""
    }
}
