/// A small table inside a panel: figures right, hairlines, one row that stands out.
package struct PanelTable: Sendable, Hashable {
    package struct Column: Sendable, Hashable {
        package var title: String
        /// After the title, muted: `95%`.
        package var aside: String
        package var isText: Bool

        package init(_ title: String, aside: String = "", isText: Bool = false) {
            (self.title, self.aside, self.isText) = (title, aside, isText)
        }
    }

    /// What a cell says, and what it says in passing.
    package struct Cell: Sendable, Hashable {
        package var text: String
        package var aside: String
        package var isStrong: Bool

        package init(_ text: String, aside: String = "", isStrong: Bool = false) {
            (self.text, self.aside, self.isStrong) = (text, aside, isStrong)
        }

        /// Nothing is known.
        package static let absent = Cell("", aside: "–")
    }

    package struct Row: Sendable, Hashable {
        package var cells: [Cell]
        package var isTinted: Bool

        package init(_ cells: [Cell], isTinted: Bool = false) {
            (self.cells, self.isTinted) = (cells, isTinted)
        }
    }

    package var columns: [Column]
    package var rows: [Row]

    package init(columns: [Column], rows: [Row]) { (self.columns, self.rows) = (columns, rows) }

    package var html: String {
        let heads = columns.enumerated().map { index, column in
            let aside = column.aside.isEmpty ? "" : " &nbsp;" + asideText(column.aside, weight: true)
            return "<th style=\"\(style(index, top: 3))font-weight:600;font-size:12px;"
                + "border-bottom:1px solid \(Markup.rule)\">\(column.title.htmlEscaped)\(aside)</th>"
        }
        let body = rows.enumerated().map { number, row in
            let edge = number == rows.count - 1 ? "none" : "1px solid \(Markup.faintRule)"
            let cells = row.cells.enumerated().map { index, cell in
                "<td style=\"\(style(index, top: 4))border-bottom:\(edge)\">\(text(of: cell))</td>"
            }
            return
                "<tr style=\"background:\(row.isTinted ? Markup.tint : "transparent")\">\(cells.joined())</tr>"
        }
        return """
            <div style="overflow-x:auto;margin:10px 0 0 0"><table style="border-collapse:collapse;border:none;\
            margin:0;font-size:13px;line-height:1.35;\(Markup.figures)"><thead><tr style="background:transparent">\
            \(heads.joined())</tr></thead>
            <tbody>\(body.joined(separator: "\n"))</tbody></table></div>
            """
    }

    private func style(_ index: Int, top: Int) -> String {
        let isFirst = index == 0
        let isLast = index == columns.count - 1
        let isText = columns[index].isText
        return "text-align:\(isText ? "left" : "right");padding:\(top)px \(isLast ? 6 : 0)px 4px "
            + "\(isFirst ? 6 : 18)px;white-space:nowrap;vertical-align:baseline;max-width:none;border:none;"
    }

    private func text(of cell: Cell) -> String {
        let text = cell.isStrong ? Markup.strong(cell.text) : cell.text.htmlEscaped
        guard !cell.aside.isEmpty else { return text }
        return (cell.text.isEmpty ? "" : text + " &nbsp;") + asideText(cell.aside, weight: false)
    }

    private func asideText(_ text: String, weight: Bool) -> String {
        weight
            ? "<span style=\"opacity:0.72;font-weight:400\">\(text.htmlEscaped)</span>" : Markup.muted(text)
    }
}
