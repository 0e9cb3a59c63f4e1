import JSON

/// Named facts about one thing: a two-column table to look at, one object to read.
package struct KeyValue: Displayable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var name: String
        /// The name in `value`.
        package var key: String
        package var cell: Table.Cell
        package var style: NumberStyle

        package init(_ name: String, _ cell: Table.Cell, key: String? = nil, style: NumberStyle = .automatic)
        {
            self.name = name
            self.key = key ?? name
            self.cell = cell
            self.style = style
        }
    }

    package var caption: String?
    package var entries: [Entry]
    package var notes: [String]

    package init(_ entries: [Entry], caption: String? = nil, notes: [String] = []) {
        self.entries = entries
        self.caption = caption
        self.notes = notes
    }

    package var value: JSON {
        .object(JSONObject(entries.map { ($0.key, $0.cell.value) }))
    }

    package func mimeBundle() -> MimeBundle { table.mimeBundle() }

    /// The same as a table, every cell already in its own style.
    package var table: Table {
        let columns: [Table.Column] = [
            Table.Column("", key: "name"),
            Table.Column("", key: "value", alignment: .leading, widthLimit: 100),
        ]
        let rows = entries.map { entry in
            [Table.Cell.text(entry.name), .text(entry.cell.text(style: entry.style))]
        }
        return Table(columns: columns, rows: rows, caption: caption, notes: notes)
    }
}
