/// The pairs of classes that are taken for each other most often.
struct ConfusedPairs {
    private let view: ConfusionView
    /// Most frequent first, equal ones in the order of the classes.
    private let cells: [(row: Int, column: Int)]

    init(_ view: ConfusionView) {
        self.view = view
        var cells: [(row: Int, column: Int)] = []
        for row in view.labels.indices {
            for column in view.labels.indices where row != column && view.counts[row][column] > 0 {
                cells.append((row, column))
            }
        }
        self.cells = cells.sorted { one, other in
            let counts = (view.counts[one.row][one.column], view.counts[other.row][other.column])
            return counts.0 == counts.1
                ? (one.row, one.column) < (other.row, other.column) : counts.0 > counts.1
        }
    }

    func table(caption: String? = nil, shown limit: Int = 20) -> Table {
        var table = Table(
            columns: [
                Table.Column("true", widthLimit: 24), Table.Column("answered", widthLimit: 24),
                .number("texts", .automatic), .number("of its class", .percent(0)),
            ], caption: caption)
        for cell in cells.prefix(limit) {
            table.add([
                .text(view.labels[cell.row]), .text(view.labels[cell.column]),
                .integer(view.counts[cell.row][cell.column]),
                view.share(cell.row, cell.column).map { .number($0) } ?? .empty,
            ])
        }
        let rest = cells.dropFirst(limit).reduce(0) { $0 + view.counts[$1.row][$1.column] }
        if cells.count > limit {
            let places = NumberStyle.automatic.text(Double(cells.count - limit))
            table.notes = ["\(places) more pairs share \(NumberStyle.automatic.text(Double(rest))) mistakes"]
        }
        if cells.isEmpty { table.notes = ["no text was put into a wrong class"] }
        return table
    }
}
