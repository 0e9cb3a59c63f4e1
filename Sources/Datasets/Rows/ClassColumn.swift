import Diagnostics

/// What speaks for and against a column as the one with the classes.
extension Rows {
    /// Why a column that is called like one with classes holds none, with what to do; nil when it does.
    func classProblem(of column: String) -> String? {
        index(of: column).flatMap { classProblem(at: $0) }
    }

    /// The first few columns with classes in them.
    func classColumns(except used: [String?]) -> [String] {
        // A table of thousands of columns is not looked through for a hint.
        let found = columns.indices.prefix(200).lazy.filter { index in
            let first = values.first?[index]
            return !used.contains(columns[index]) && values.contains { $0[index] != first }
                && classProblem(at: index) == nil
        }
        return found.prefix(5).map { columns[$0] }
    }

    private func classProblem(at index: Int) -> String? {
        let column = columns[index]
        let found = Set(values.map { $0[index] })
        if found.count > 2, found.count == values.count {
            return "each of its \(counted(found.count, "row")) has a value of its own"
        }
        if found.count > ColumnSniffer.mostClasses {
            return
                "it has \(found.count.grouped) values, and \(ColumnSniffer.mostClasses.grouped) classes are the most"
        }
        if found.count > 20, found.contains(where: Self.isMeasurement),
            found.allSatisfy({ Double($0) != nil })
        {
            return
                "it holds \(found.count.grouped) numbers with fractions; label=\(column) takes each for a class all the same"
        }
        guard found.count <= max(2, values.count / 2) else {
            return
                "it has \(found.count) values in \(counted(values.count)), fewer than two rows a class; label=\(column) takes it all the same"
        }
        return nil
    }

    private static func isMeasurement(_ value: String) -> Bool {
        Double(value).map { $0 != $0.rounded() } ?? false
    }

    /// Rows of a column without a class: nothing in them or, where that is known to mean it, `-` or `-1`.
    ///
    /// It is known of sources that count or name their classes themselves, and of parts that hold
    /// nothing else (test parts whose classes were never given out).
    func isUnlabelled(in index: Int) -> (_ row: [String], _ split: Split?) -> Bool {
        let blanks: Set<String> = ["-", "-1"]
        var labelled: [Split: Bool] = [:]
        for (row, split) in zip(values, splits) {
            guard let split else { continue }
            labelled[split] = labelled[split] == true || !blanks.contains(row[index])
        }
        let areKnown = !roles.labelNames.isEmpty
        return { row, split in
            let value = row[index]
            if value.allSatisfy(\.isWhitespace) { return true }
            return blanks.contains(value) && (areKnown || split.map { labelled[$0] == false } == true)
        }
    }

    /// Classes that may be one, written in several ways, and other oddities; each a sentence with what to do.
    static func remarks(onClasses labels: [String], counts: [Int]) -> [Remark] {
        var notes: [Remark] = []
        let alike = Dictionary(grouping: labels, by: \.foldedClass).values.filter { $0.count > 1 }
            .sorted { $0[0] < $1[0] }
        for group in alike.prefix(5) {
            let names = group.map { "'\($0.forMessages)'" }.joined(separator: ", ")
            notes.append(
                .warning(
                    "the classes \(names) differ in writing only: if they are one, write them alike in the file"
                ))
        }
        if alike.count > 5 {
            notes.append(.warning("\(alike.count - 5) more groups of classes differ in writing only"))
        }
        for label in labels where ["-", "-1"].contains(label) {
            notes.append(
                .warning(
                    "'\(label)' is taken for a class; leave its rows out of the file where it means that none is known"
                ))
        }
        let single = counts.count { $0 == 1 }
        if single > 0 {
            notes.append(
                "\(counted(single, "class", "classes")) of \(labels.count) \(single == 1 ? "has" : "have") a single row, which can be in one part only"
            )
        }
        return notes
    }
}

extension String {
    /// The same for texts that differ in case, spaces or the writing of a number: `1` and `1.0`, `Very good` and `very_good`.
    package var foldedClass: String {
        let words = lowercased().split { $0.isWhitespace || "_-".contains($0) }
        if let number = Double(trimmed) { return "\(number)" }
        return words.isEmpty ? self : words.joined(separator: " ")
    }
}
