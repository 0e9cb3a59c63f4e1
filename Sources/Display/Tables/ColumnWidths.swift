/// How columns share the room of a line.
enum ColumnWidths {
    /// What each would like; where that is too much, the widest are narrowed, none under its least.
    ///
    /// - Returns: nil where even the least is too much.
    static func shared(_ natural: [Int], least: [Int], room: Int) -> [Int]? {
        var widths = natural
        var excess = natural.reduce(0, +) - room
        guard excess > 0 else { return widths }
        guard zip(natural, least).reduce(0, { $0 + min($1.0, $1.1) }) <= room else { return nil }
        while excess > 0 {
            let open = widths.indices.filter { widths[$0] > least[$0] }
            guard let widest = open.max(by: { (widths[$0], $0) < (widths[$1], $1) }) else { return nil }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }
}

extension Table {
    /// Without as many columns in the middle as it takes until the rest `fits`, and with a note that says so.
    func withoutMiddle(until fits: (Table) -> Bool) -> Table {
        let open = columns.count { !$0.isKept }
        for kept in stride(from: min(Self.mostTried, open - 1), through: 2, by: -1) {
            let table = withoutMiddle(keeping: kept - kept / 4, kept / 4)
            if fits(table) { return table }
        }
        return self
    }

    /// No line of a page has room for more columns.
    static let mostTried = 40

    /// So many of the first and of the last columns, those among the others that are kept, and `…` for the rest.
    func withoutMiddle(keeping head: Int, _ tail: Int) -> Table {
        let left = Set(columns.indices.filter { !columns[$0].isKept }.dropFirst(head).dropLast(tail))
        func cut<Element>(_ line: [Element], _ gap: Element) -> [Element] {
            line.indices.flatMap { index -> [Element] in
                guard left.contains(index) else { return [line[index]] }
                return left.contains(index - 1) ? [] : [gap]
            }
        }
        let note = "\(left.count) of \(columns.count) columns are left out"
        return Table(
            columns: cut(columns, Column("…", alignment: .centre)), rows: rows.map { cut($0, .text("…")) },
            caption: caption, notes: notes + [note], warnings: warnings, origins: origins)
    }
}
