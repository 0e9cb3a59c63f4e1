import Diagnostics

/// Turns rows into a data set: roles, classes, then the three parts.
struct DatasetAssembly {
    private var rows: Rows
    private let request: DatasetRequest
    /// Whether it is to be learned from, which takes two classes.
    private let isLearned: Bool
    private let interruption: Interruption
    private var roles = Rows.Roles()
    private var labels: [String] = []
    private var classes: [Int: Int] = [:]

    init(rows: Rows, request: DatasetRequest, isLearned: Bool = true, interruption: Interruption) {
        self.rows = rows
        self.request = request
        self.isLearned = isLearned
        self.interruption = interruption
    }

    func dataset() throws -> Dataset {
        var copy = self
        return try copy.assembled()
    }

    private mutating func assembled() throws -> Dataset {
        guard !rows.values.isEmpty else {
            throw Diagnostic("no-rows", "there are no rows in \(rows.source)", hint: "look into the file")
        }
        roles = try ColumnSniffer(rows: rows, request: request).roles(notes: &rows.notes)
        adoptSplitColumn()
        forgetPartsWithoutTraining()
        try dropUnusable()
        try findClasses()
        try interruption.check()
        var parts = PartDraw(
            rows: rows, classes: classes, labels: labels, keys: try keys(), request: request)
        let drawn = try parts.parts()
        var dataset = Dataset(
            name: request.name, columns: rows.columns, textColumn: roles.text, pairColumn: roles.pair,
            labelColumn: roles.label, labels: labels, train: examples(drawn[.train]),
            validation: examples(drawn[.validation]), test: examples(drawn[.test]),
            remarks: rows.notes + parts.notes, source: rows.source)
        dataset.declaredParts = Set(rows.splits.compactMap { $0 })
        if labels.isEmpty { dataset.classColumns = rows.classColumns(except: [roles.text, roles.pair]) }
        return dataset
    }

    /// A column `split` with names of parts is honoured.
    private mutating func adoptSplitColumn() {
        guard rows.splits.allSatisfy({ $0 == nil }) else { return }
        let used = [roles.text, roles.pair, roles.label]
        for (index, column) in rows.columns.enumerated()
        where ColumnSniffer.splitNames.contains(column.lowercased()) && !used.contains(column) {
            let splits = rows.values.map { Split(named: $0[index]) }
            guard splits.allSatisfy({ $0 != nil }) else {
                let odd = zip(rows.values, splits).first { $0.1 == nil }?.0[index] ?? ""
                rows.notes.append(
                    "the column \(column) was not taken for parts: '\(odd)' is none of train, validation, test"
                )
                continue
            }
            rows.splits = splits
            return
        }
    }

    /// A lone test file is rows like any other: there is nothing else to learn from.
    private mutating func forgetPartsWithoutTraining() {
        let declared = Set(rows.splits.compactMap { $0 })
        guard !declared.isEmpty, !declared.contains(.train), !rows.splits.contains(nil) else { return }
        rows.splits = Array(repeating: nil, count: rows.values.count)
        let names = declared.map(\.rawValue).sorted().joined(separator: " and ")
        rows.notes.append(.warning("only \(names) rows are there: all parts are carved out of them"))
    }

    /// Rows without text or, where there are classes, without one.
    private mutating func dropUnusable() throws {
        guard let text = roles.text.flatMap(rows.index) else { return }
        let withoutText = rows.keep { row, _ in !row[text].allSatisfy(\.isWhitespace) }
        if withoutText > 0 { rows.notes.append(.warning("\(counted(withoutText)) without text dropped")) }
        if let label = roles.label.flatMap(rows.index) {
            let isUnlabelled = rows.isUnlabelled(in: label)
            let unlabelled = rows.keep { !isUnlabelled($0, $1) }
            if unlabelled > 0 {
                rows.notes.append(.warning("\(counted(unlabelled)) without a label dropped"))
            }
        }
        guard !rows.values.isEmpty else {
            throw Diagnostic(
                "no-rows",
                "no row of \(rows.source) has both a text (\(roles.text ?? "")) and a label (\(roles.label ?? "none asked for"))",
                hint: "check the file, or name other columns: text= and label=")
        }
    }

    private mutating func findClasses() throws {
        guard let column = roles.label, let index = rows.index(of: column) else { return }
        let found = Set(rows.values.map { $0[index] })
        try check(found, of: column)
        let known = roles.labels.filter(found.contains)
        let values = known + ordered(found.subtracting(known))
        let indices = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, $0) })
        for (row, value) in rows.values.enumerated() { classes[row] = indices[value[index]] }
        labels = values.map { roles.labelNames[$0] ?? $0 }
        var counts = [Int](repeating: 0, count: labels.count)
        for label in classes.values { counts[label] += 1 }
        rows.notes += Rows.remarks(onClasses: labels, counts: counts)
    }

    private func check(_ found: Set<String>, of column: String) throws {
        let place = "the column \(column.forMessages) of \(rows.source)"
        var hint: String {
            let others = rows.classColumns(except: [roles.text, roles.pair, column])
            return others.isEmpty
                ? "no other column of the file has classes"
                : "label= names another column: \(others.map(\.forMessages).joined(separator: ", "))"
        }
        guard found.count > 1 || !isLearned else {
            let dropped = rows.notes.map(\.text).filter { $0.contains("dropped") }.map { "; \($0)" }.joined()
            throw Diagnostic(
                "single-class",
                "every row of \(rows.source) has the label '\(found.first?.forMessages ?? "")': nothing can be learned\(dropped)",
                hint: "two classes or more are needed; \(hint)")
        }
        guard found.count <= ColumnSniffer.mostClasses else {
            throw Diagnostic(
                "too-many-classes",
                "\(place) has \(found.count.grouped) values, and \(ColumnSniffer.mostClasses.grouped) classes are the most",
                hint: hint)
        }
        guard found.count < 3 || found.count < rows.values.count else {
            throw Diagnostic(
                "class-per-row",
                "each of the \(counted(found.count)) has a class of its own in \(place): what is learned from one says nothing about the others",
                hint: hint)
        }
    }

    /// By number when all are numbers, else by letters.
    private func ordered(_ values: Set<String>) -> [String] {
        let numbers = values.compactMap { Double($0) }
        guard numbers.count == values.count else { return values.sorted() }
        return values.sorted { (Double($0) ?? 0, $0) < (Double($1) ?? 0, $1) }
    }

    /// A number for each row's text, equal for equal texts.
    private func keys() throws -> [Int: UInt64] {
        let text = roles.text.flatMap(rows.index) ?? 0
        let pair = roles.pair.flatMap(rows.index)
        var keys: [Int: UInt64] = [:]
        keys.reserveCapacity(rows.values.count)
        for (row, value) in rows.values.enumerated() {
            if row.isMultiple(of: 4096) { try interruption.check() }
            keys[row] = Example.contentHash(of: value[text], pair.map { value[$0] })
        }
        return keys
    }

    private func examples(_ drawn: [Int]?) -> [Example] {
        let text = roles.text.flatMap(rows.index) ?? 0
        let pair = roles.pair.flatMap(rows.index)
        let label = roles.label.flatMap(rows.index)
        let others = rows.columns.indices.filter { $0 != text && $0 != pair && $0 != label }
        return (drawn ?? []).map { row in
            let value = rows.values[row]
            var fields: [String: String] = [:]
            for index in others { fields[rows.columns[index]] = value[index] }
            return Example(
                text: value[text], pair: pair.map { value[$0] }, label: classes[row], fields: fields, id: row)
        }
    }
}

/// `1 row`, `12 rows`, `2 classes`.
package func counted(_ count: Int, _ noun: String = "row", _ plural: String? = nil) -> String {
    "\(count.grouped) \(count == 1 ? noun : plural ?? noun + "s")"
}
