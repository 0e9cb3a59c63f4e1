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
    /// What each row says.
    private var contents: [RowContent] = []

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
        rows.notes += rows.nestedRemarks(except: Array(roles.columns.values))
        adoptSplitColumn()
        forgetPartsWithoutTraining()
        try dropUnusable()
        try findClasses()
        try interruption.check()
        var parts = PartDraw(
            rows: rows, classes: classes, labels: labels, keys: try keys(), request: request)
        let drawn = try parts.parts()
        var dataset = Dataset(
            name: request.name, columns: rows.columns, labels: labels, train: examples(drawn[.train]),
            validation: examples(drawn[.validation]), test: examples(drawn[.test]),
            remarks: rows.notes + parts.notes, source: rows.source)
        (dataset.roles, dataset.areTextsAlone) = (roles.columns, roles.areTextsAlone)
        dataset.splitColumn = rows.splitColumn
        (dataset.learned, dataset.masking) = (request.learned ?? .assistant, request.masking)
        dataset.declaredParts = Set(rows.splits.compactMap { $0 })
        if dataset.shape == .classes, labels.isEmpty {
            dataset.classColumns = rows.classColumns(except: [roles.text, roles.pair])
        }
        return dataset
    }

    /// A column `split` with names of parts is honoured.
    private mutating func adoptSplitColumn() {
        guard rows.splits.allSatisfy({ $0 == nil }) else { return }
        for (index, column) in rows.columns.enumerated()
        where ColumnSniffer.splitNames.contains(column.lowercased()) && !roles.columns.values.contains(column)
        {
            let splits = rows.values.map { Split(named: $0[index]) }
            guard splits.allSatisfy({ $0 != nil }) else {
                let odd = zip(rows.values, splits).first { $0.1 == nil }?.0[index] ?? ""
                rows.notes.append(
                    "the column \(column) was not taken for parts: '\(odd)' is none of train, validation, test"
                )
                continue
            }
            rows.splits = splits
            rows.splitColumn = column
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

    /// Rows without text or without what is to be learned of it.
    private mutating func dropUnusable() throws {
        let reader = RowReader(rows, roles)
        var (contents, problems): ([RowContent], [(problem: RowProblem, count: Int)]) = ([], [])
        rows.keep { row, _ in
            do throws(RowProblem) {
                contents.append(try reader.content(of: row))
                return true
            } catch {
                if let known = problems.firstIndex(where: { $0.problem == error }) {
                    problems[known].count += 1
                } else {
                    problems.append((error, 1))
                }
                return false
            }
        }
        for (problem, count) in problems {
            rows.notes.append(.warning("\(problem.text(count, roles)) dropped"))
        }
        if let label = roles.label.flatMap(rows.index) {
            let isUnlabelled = rows.isUnlabelled(in: label)
            contents = zip(contents, zip(rows.values, rows.splits)).filter { !isUnlabelled($1.0, $1.1) }.map(
                \.0)
            let unlabelled = rows.keep { !isUnlabelled($0, $1) }
            if unlabelled > 0 {
                rows.notes.append(.warning("\(counted(unlabelled)) without a label dropped"))
            }
        }
        self.contents = contents
        guard !rows.values.isEmpty else {
            throw nothingUsable(problems.map { $0.problem.text($0.count, roles) })
        }
    }

    private func nothingUsable(_ problems: [String]) -> Diagnostic {
        guard roles.isAnswered else {
            return Diagnostic(
                "no-rows",
                "no row of \(rows.source) has both a text (\(roles.text ?? "")) and a label (\(roles.label ?? "none asked for"))",
                hint: "check the file, or name other columns: text= and label=")
        }
        return Diagnostic(
            "no-rows",
            "nothing can be learned of \(rows.source): there are \(problems.joined(separator: ", "))",
            hint: "check the file, or name other columns: text= and answer=")
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
        var keys: [Int: UInt64] = [:]
        keys.reserveCapacity(contents.count)
        for (row, content) in contents.enumerated() {
            if row.isMultiple(of: 4096) { try interruption.check() }
            keys[row] = Example.contentHash(of: content.text, content.pair, instruction: content.instruction)
        }
        return keys
    }

    private func examples(_ drawn: [Int]?) -> [Example] {
        let others = rows.columns.indices.filter { !roles.columns.values.contains(rows.columns[$0]) }
        return (drawn ?? []).map { row in
            var fields: [String: String] = [:]
            for index in others { fields[rows.columns[index]] = rows.values[row][index] }
            return Example(contents[row], label: classes[row], fields: fields, id: row)
        }
    }
}

extension Example {
    init(_ content: RowContent, label: Int? = nil, fields: [String: String] = [:], id: Int) {
        self.init(text: content.text, pair: content.pair, label: label, fields: fields, id: id)
        (instruction, turns, value) = (content.instruction, content.turns, content.value)
        (answer, rejected) = (content.answer, content.rejected)
    }
}

/// `1 row`, `12 rows`, `2 classes`.
package func counted(_ count: Int, _ noun: String = "row", _ plural: String? = nil) -> String {
    "\(count.grouped) \(count == 1 ? noun : plural ?? noun + "s")"
}
