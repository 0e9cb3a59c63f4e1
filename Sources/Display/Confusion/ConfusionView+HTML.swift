import Foundation

extension ConfusionView {
    /// The fill of a cell: Palette's blue, as much of it as the share of the row.
    package static func fill(_ share: Double) -> String {
        "rgba(26,128,196,\(String(format: "%.3f", 0.85 * share)))"
    }

    package var html: String {
        var parts = [Markup.heading(Self.title, facts)]
        guard labels.count <= Self.filledClasses else {
            parts.append(Markup.note("\(labels.count) classes: the pairs that are confused most often"))
            return Markup.frame(parts + [ConfusedPairs(self).table().html])
        }
        guard !labels.isEmpty else { return Markup.frame(parts) }
        let isCounted = labels.count <= Self.countedClasses
        parts.append(Markup.note("rows: true class · columns: answer"))
        let grid = isCounted ? countedTable : filledGrid
        parts.append("<div style=\"overflow-x:auto;margin-top:8px\">\(grid)</div>")
        if !isCounted { parts.append(Markup.note("a cell says its count where the pointer rests on it")) }
        return Markup.frame(parts + [Self.legend])
    }

    /// CSS pixels of a cell, and how large its count is written.
    private var cell: (width: Int, height: Int, font: Int) {
        switch labels.count {
        case ...2: (96, 64, 16)
        case ...6: (54, 44, 13)
        default: (46, 40, 13)
        }
    }

    /// Whether column labels are too long to stand upright over their cells in one line: they are wrapped, and slanted
    /// where our extension knows the class `lk-slant`.
    private var isSlanted: Bool {
        let widest = labels.map { $0.onOneLine.displayWidth }.max() ?? 0
        return labels.count <= Self.countedClasses && Double(widest) * 12 * 0.6 > Double(cell.width)
    }

    // MARK: - Up to twelve classes

    private var countedTable: String {
        let head = labels.map { label in
            """
            <th title="\(label.htmlEscaped)" style="text-align:center;font-weight:400;font-size:12px;\
            line-height:1.15;padding:0 2px 4px 2px;border:none;width:\(cell.width)px;vertical-align:bottom;\
            white-space:normal"><span style="display:block;width:\(cell.width)px;max-height:44px;\
            overflow:hidden;overflow-wrap:break-word"><span>\
            \(label.onOneLine.clippedInMiddle(to: 24).htmlEscaped)</span></span></th>
            """
        }
        let texts =
            "<th style=\"border:none;padding:0 0 4px 12px;font-weight:400;font-size:12px;text-align:right;"
            + "vertical-align:bottom;opacity:\(Markup.mutedOpacity)\">texts</th>"
        let rows = labels.indices.map { "<tr style=\"background:transparent\">\(countedRow($0))</tr>" }
        return
            """
            <table class="lk-num\(isSlanted ? " lk-slant" : "")" style="border-collapse:collapse;border:none;\
            margin:0;table-layout:auto;font-variant-numeric:tabular-nums"><thead style="border:none">\
            <tr style="background:transparent"><th style="border:none;padding:0"></th>\(head.joined())\(texts)\
            </tr></thead>\n<tbody>\(rows.joined(separator: "\n"))</tbody></table>
            """
    }

    private func countedRow(_ row: Int) -> String {
        let name =
            "<td title=\"\(labels[row].htmlEscaped)\" style=\"text-align:right;padding:0 10px 0 0;font-size:12px;"
            + "white-space:nowrap;border:none\">\(labels[row].onOneLine.clippedInMiddle(to: 24).htmlEscaped)</td>"
        let cells = labels.indices.map { column in
            let outline =
                row == column ? ";box-shadow:inset 0 0 0 1px rgba(128,128,128,0.7)" : ""
            return
                """
                <td title="\(words(row, column).htmlEscaped)" style="text-align:center;vertical-align:middle;\
                padding:2px;width:\(cell.width)px;height:\(cell.height)px;border:2px solid transparent;\
                background:\(Self.fill(share(row, column) ?? 0));background-clip:padding-box\(outline);\
                line-height:1.15">\(content(row, column))</td>
                """
        }
        return name + cells.joined()
            + "<td style=\"text-align:right;padding:0 0 0 12px;font-size:12px;border:none;"
            + "opacity:\(Markup.mutedOpacity)\">\(NumberStyle.automatic.text(Double(total(ofRow: row))))</td>"
    }

    /// Count over share; what is nothing is muted and has no share.
    private func content(_ row: Int, _ column: Int) -> String {
        guard counts[row][column] > 0, let share = share(row, column) else {
            return "<span style=\"opacity:0.62\">0</span>"
        }
        let count = NumberStyle.automatic.text(Double(counts[row][column]))
        return "<span style=\"font-size:\(cell.font)px;font-weight:600;line-height:1.2\">\(count)</span><br>"
            + "<span style=\"font-size:11px;line-height:1.2\">\(NumberStyle.percent(0).text(share))</span>"
    }

    // MARK: - Up to forty

    /// A grid of fills; columns are numbered as the rows are, since no label fits over so narrow a cell.
    private var filledGrid: String {
        let side = max(13, min(26, 560 / labels.count - 1))
        // In a narrow page cells are narrower than high, so that all of them are there.
        let columns = "max-content repeat(\(labels.count),minmax(0,\(side)px)) max-content"
        let small = "font-size:11px;line-height:\(side)px;white-space:nowrap"
        var cells = ["<div></div>"]
        // Two digits are 13 px wide, and would touch.
        let isSparse = side < 16 && labels.count > 9
        cells += labels.enumerated().map { number, label in
            let text = isSparse && number.isMultiple(of: 2) ? "" : "\(number + 1)"
            // A number that is wider than its cell stands over its middle all the same.
            return
                "<div title=\"\(label.htmlEscaped)\" style=\"display:flex;justify-content:center;\(small)\">"
                + "\(text)</div>"
        }
        cells.append(
            "<div style=\"text-align:right;padding-left:12px;opacity:\(Markup.mutedOpacity);\(small)\">texts</div>"
        )
        for row in labels.indices {
            let label = labels[row].onOneLine.clippedInMiddle(to: 18).htmlEscaped
            cells.append(
                "<div title=\"\(labels[row].htmlEscaped)\" style=\"text-align:right;padding-right:8px;\(small)\">"
                    + "\(label) <span style=\"opacity:\(Markup.mutedOpacity)\">\(row + 1)</span></div>")
            cells += labels.indices.map { filledCell(row, $0, side: side) }
            let total = NumberStyle.automatic.text(Double(total(ofRow: row)))
            cells.append(
                "<div style=\"text-align:right;padding-left:12px;opacity:\(Markup.mutedOpacity);\(small)\">"
                    + "\(total)</div>")
        }
        return
            "<div style=\"display:grid;grid-template-columns:\(columns);gap:1px;width:fit-content;max-width:100%\">"
            + "\(cells.joined(separator: "\n"))</div>"
    }

    private func filledCell(_ row: Int, _ column: Int, side: Int) -> String {
        var styles: [String] = ["height:\(side)px"]
        if counts[row][column] > 0 { styles.append("background:\(Self.fill(share(row, column) ?? 0))") }
        if row == column { styles.append("box-shadow:inset 0 0 0 1px rgba(128,128,128,0.7)") }
        return
            "<div title=\"\(words(row, column).htmlEscaped)\" style=\"\(styles.joined(separator: ";"))\"></div>"
    }

    /// What the fills stand for.
    private static let legend: String = {
        let steps = [0, 0.25, 0.5, 0.75, 1].map { share in
            "<span style=\"display:inline-block;width:22px;height:10px;border:1px solid rgba(128,128,128,0.4);"
                + "background:\(ConfusionView.fill(share))\"></span>"
        }
        return "<div style=\"display:flex;align-items:center;gap:0 6px;font-size:11px;margin:6px 0 0 0\">"
            + "<span>0%</span>\(steps.joined())<span>100% of the row</span></div>"
    }()
}
