import Datasets
import Display

/// Examples as they are, each with what is to be learned of it.
struct ExamplesTable {
    private let examples: ArraySlice<Example>
    private let dataset: Dataset

    init(_ examples: ArraySlice<Example>, of dataset: Dataset) {
        (self.examples, self.dataset) = (examples, dataset)
    }

    /// Characters of a text that are shown.
    private static let shown = 600

    var table: Table {
        let roles = dataset.roles
        let isDialogue = examples.contains { !$0.turns.isEmpty }
        var columns: [(column: Table.Column, cell: (Example) -> Table.Cell)] = [
            (.number("row", .ungrouped), { .integer($0.id) })
        ]
        func add(_ name: String, width: Int = 90, _ text: @escaping (Example) -> String?) {
            columns.append(
                (Table.Column(name, widthLimit: width), { .text((text($0) ?? "").clipped(to: Self.shown)) }))
        }
        if !dataset.labels.isEmpty {
            columns.append(("class", { .text($0.label.map { dataset.labels[$0] } ?? "") }))
        }
        if roles[.value] != nil {
            columns.append(
                (.number("number", .automatic), { $0.value.map { .number(Double($0)) } ?? .absent }))
        }
        if roles[.instruction] != nil { add("instruction", width: 60) { $0.instruction } }
        add(isDialogue ? "dialogue" : "text") { $0.text }
        if dataset.pairColumn != nil { add("pair") { $0.pair } }
        if roles[.answer] != nil { add("answer") { $0.answer } }
        if roles[.rejected] != nil { add("rejected") { $0.rejected } }
        var table = Table(columns: columns.map(\.column))
        for example in examples { table.add(columns.map { $0.cell(example) }) }
        return table
    }
}
