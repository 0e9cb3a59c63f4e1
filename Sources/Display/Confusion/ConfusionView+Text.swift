extension ConfusionView {
    /// For a terminal of 80 columns: counts with a shade by quarter of the row, or the pairs confused most often where
    /// so many classes do not fit.
    package var plain: String {
        let head = "\(Self.title)  \(facts.joined(separator: " · ").onOneLine)"
        let meaning = "rows true, columns answered"
        guard !labels.isEmpty else { return head }
        guard let rows = [grid(true, true), grid(true, false), grid(false, false)].compactMap(\.self).first
        else {
            return head.wrapped(to: Self.columns) + "\n\n" + ConfusedPairs(self).table().plain
        }
        let space = Self.columns - head.displayWidth - meaning.displayWidth
        let title =
            space >= 2
            ? head + String(repeating: " ", count: space) + meaning
            : head.wrapped(to: Self.columns) + "\n" + meaning
        let shades = "shade: share of the row  ░ to 25%  ▒ to 50%  ▓ to 75%  █ above"
        return [title, "", rows, "", shades].joined(separator: "\n")
    }

    private static let columns = 80

    /// `░` up to a quarter of the row, `█` above three.
    static func shade(_ share: Double) -> String {
        switch share {
        case ...0.25: "░"
        case ...0.5: "▒"
        case ...0.75: "▓"
        default: "█"
        }
    }

    /// The rows, with labels or numbers over the columns, and with shares beside the counts or without; nil where it is
    /// wider than a terminal.
    private func grid(_ hasLabels: Bool, _ hasShares: Bool) -> String? {
        let heads = labels.indices.map { hasLabels ? labels[$0].onOneLine : "\($0 + 1)" }
        let names = labels.indices.map { index in
            let label = labels[index].onOneLine
            let number = "\(index + 1)".padded(to: "\(labels.count)".count, .trailing)
            return hasLabels ? "  \(label)" : "\(number) \(label.clippedInMiddle(to: 24))"
        }
        func count(_ row: Int, _ column: Int) -> String {
            NumberStyle.automatic.text(Double(counts[row][column]))
        }
        func percent(_ row: Int, _ column: Int) -> String {
            counts[row][column] > 0 ? NumberStyle.percent(0).text(share(row, column) ?? 0) : ""
        }
        let places = labels.indices.flatMap { row in labels.indices.map { (row, $0) } }
        let countWidth = places.map { count($0, $1).count }.max() ?? 1
        let percentWidth = hasShares ? 2 + (places.map { percent($0, $1).count }.max() ?? 0) : 0
        func cell(_ row: Int, _ column: Int) -> String {
            guard counts[row][column] > 0, let share = share(row, column) else {
                let rest = String(repeating: " ", count: percentWidth + 2)
                return "·".padded(to: countWidth, .trailing) + rest
            }
            let shown = hasShares ? percent(row, column).padded(to: percentWidth, .trailing) : ""
            return "\(count(row, column).padded(to: countWidth, .trailing))\(shown) \(Self.shade(share))"
        }
        let body = labels.indices.map { row in labels.indices.map { cell(row, $0) } }
        let totals = labels.indices.map { NumberStyle.automatic.text(Double(total(ofRow: $0))) }
        let widths = labels.indices.map { column in
            max(heads[column].displayWidth, body.first?[column].displayWidth ?? 0)
        }
        let nameWidth = names.map(\.displayWidth).max() ?? 0
        let totalWidth = max(5, totals.map(\.count).max() ?? 0)
        func line(_ name: String, _ cells: [String], _ total: String) -> String {
            let padded = zip(cells, widths).map { $0.padded(to: $1, .trailing) }
            let gap = hasLabels && hasShares ? "   " : "  "
            return ([name.padded(to: nameWidth)] + padded + [total.padded(to: totalWidth, .trailing)])
                .joined(separator: gap).trimmingTrailingSpaces
        }
        let lines =
            [line("", heads, "texts")] + labels.indices.map { line(names[$0], body[$0], totals[$0]) }
        return lines.allSatisfy { $0.displayWidth <= Self.columns } ? lines.joined(separator: "\n") : nil
    }
}
