import Diagnostics

/// A table as read: column names and text values, before anyone decided what they mean.
package struct Rows: Sendable {
    package var columns: [String]
    /// One array a row, as long as `columns`.
    package var values: [[String]]
    /// The part that each row declares, where the source has parts.
    package var splits: [Split?]
    /// The column that they stand in, where one says so.
    package var splitColumn: String?
    package var notes: [Remark]
    package var source: String
    /// What the columns mean, where the source knows; the request and the sniffer fill the rest.
    package var roles = Roles()
    /// In how many rows a column holds a list or an object, as JSON text; a column that is not here holds none.
    package var nested: [String: Int] = [:]

    package init(
        columns: [String], values: [[String]] = [], split: Split? = nil, notes: [Remark] = [],
        source: String = ""
    ) {
        self.columns = columns
        self.values = values
        self.splits = Array(repeating: split, count: values.count)
        self.notes = notes
        self.source = source
    }

    package struct Roles: Sendable, Hashable {
        /// The column of each role that there is one for.
        package var columns: [ColumnRole: String] = [:]
        /// Classes in their order, where it is known.
        package var labels: [String] = []
        /// Names for the values in the label column (`["0": "negative"]`).
        package var labelNames: [String: String] = [:]
        /// Whether a label column may be looked for when none is given.
        package var mayHaveLabel = true
        /// Whether the texts themselves are learned, because there is nothing besides or that was asked for.
        package var areTextsAlone = false

        package init(
            text: String? = nil, pair: String? = nil, label: String? = nil, labels: [String] = [],
            labelNames: [String: String] = [:], mayHaveLabel: Bool = true
        ) {
            self.labels = labels
            self.labelNames = labelNames
            self.mayHaveLabel = mayHaveLabel
            (self.text, self.pair, self.label) = (text, pair, label)
        }

        package subscript(role: ColumnRole) -> String? {
            get { columns[role] }
            set { columns[role] = newValue }
        }

        package var text: String? {
            get { self[.text] }
            set { self[.text] = newValue }
        }
        package var pair: String? {
            get { self[.pair] }
            set { self[.pair] = newValue }
        }
        package var label: String? {
            get { self[.label] }
            set { self[.label] = newValue }
        }

        /// Whether what is to be said of a text is known to be something else than a class.
        var isAnswered: Bool {
            [.messages, .answer, .rejected, .value].contains { columns[$0] != nil }
        }
    }

    package func index(of column: String) -> Int? { columns.firstIndex(of: column) }

    /// Appends the rows of another table, matched by column name; a column it lacks stays empty.
    package mutating func append(_ other: Rows) {
        if columns.isEmpty {
            columns = other.columns
        } else {
            let partial =
                columns.filter { !other.columns.contains($0) }
                + other.columns.filter { !columns.contains($0) }
            for column in partial.prefix(5) {
                let note: Remark =
                    "the column \(column.forMessages) is not in every file: empty where it is missing"
                if !notes.contains(note) { notes.append(note) }
            }
        }
        for column in other.columns where !columns.contains(column) {
            columns.append(column)
            for row in values.indices { values[row].append("") }
        }
        if other.columns == columns {
            values += other.values
        } else {
            let places = columns.map { other.index(of: $0) }
            values += other.values.map { row in places.map { $0.map { row[$0] } ?? "" } }
        }
        splits += other.splits
        nested.merge(other.nested, uniquingKeysWith: +)
        notes += other.notes.filter { !notes.contains($0) }
    }

    /// What is said of columns with lists and objects that nothing is made of.
    func nestedRemarks(except used: [String?]) -> [Remark] {
        columns.filter { nested[$0] != nil && !used.contains($0) }.prefix(5).map { column in
            "\(column.forMessages) is nested in \(counted(nested[column] ?? 0)): kept as JSON text"
        }
    }

    /// The same rows with more to say.
    func noting(_ more: [Remark]) -> Rows {
        var copy = self
        copy.notes = more + notes
        return copy
    }

    /// Keeps the rows for which the claim holds, and returns how many went.
    @discardableResult
    package mutating func keep(where claim: ([String], Split?) -> Bool) -> Int {
        let kept = values.indices.filter { claim(values[$0], splits[$0]) }
        let dropped = values.count - kept.count
        if dropped > 0 {
            values = kept.map { values[$0] }
            splits = kept.map { splits[$0] }
        }
        return dropped
    }
}
