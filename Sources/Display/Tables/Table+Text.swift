extension Table {
    /// A pipe table (GitHub's Markdown).
    package var markdown: String {
        var blocks: [String] = []
        if let caption { blocks.append("**\(caption.onOneLine.markdownEscaped)**") }
        let rules = columns.indices.map { index in
            switch alignment(ofColumn: index) {
            case .leading: ":---"
            case .trailing: "---:"
            case .centre: ":---:"
            }
        }
        let head = columns.map { $0.title.onOneLine.markdownEscaped }
        let body = rows.map { row in zip(row, columns).map { $0.text(style: $1.style).markdownEscaped } }
        blocks.append(
            ([head, rules] + body).map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n"))
        blocks += warnings.map { "**\($0.onOneLine.markdownEscaped)**" }
        blocks += (notes + origins).map { "*\($0.onOneLine.markdownEscaped)*" }
        return blocks.joined(separator: "\n\n")
    }

    /// Columns lined up by display width under a rule.
    package var plain: String {
        let head = columns.map { $0.title.onOneLine }
        let body = rows.map { row in
            zip(row, columns).map { cell, column in
                cell.text(style: column.style).onOneLine.clipped(to: column.widthLimit)
            }
        }
        let widths = columns.indices.map { index in
            ([head] + body).map { $0[index].displayWidth }.max() ?? 0
        }
        let alignments = columns.indices.map(alignment(ofColumn:))
        func line(_ cells: [String]) -> String {
            let filled = cells.indices.map { cells[$0].padded(to: widths[$0], alignments[$0]) }
            return filled.joined(separator: "  ").trimmingTrailingSpaces
        }
        var lines = caption.map { [$0.withoutControls] } ?? []
        if hasTitles { lines.append(line(head)) }
        lines.append(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "))
        lines += body.isEmpty ? ["(no rows)"] : body.map(line)
        lines += warnings.map { "! \($0.onOneLine)" }
        lines += (notes + origins).map { "  \($0.onOneLine)" }
        return lines.joined(separator: "\n")
    }
}

extension String {
    var trimmingTrailingSpaces: String {
        var copy = self[...]
        while copy.last == " " { copy.removeLast() }
        return String(copy)
    }
}
