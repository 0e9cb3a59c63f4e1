/// Examples in three disjoint parts, with what one must know about how they came about.
package struct Dataset: Sendable {
    package var name: String
    /// The columns of the source, in its order.
    package var columns: [String]
    /// The one that says which part a row is of; nil where none does.
    package var splitColumn: String?
    /// The column of each role that there is one for.
    package var roles: [ColumnRole: String] = [:]
    /// Whether the texts themselves are learned: there is nothing besides, or that was asked for.
    package var areTextsAlone = false
    /// What is learned of answers and dialogues.
    package var learned = LearnedTurns.assistant
    /// How an encoder's masks are drawn over texts alone; nil where nobody has said.
    package var masking: Masking?
    /// Columns that could have been the one with the classes, when none was taken; a few at most.
    package var classColumns: [String] = []
    /// Class names; an example's label is an index into them. Empty without classes.
    package var labels: [String]
    package var train: [Example]
    package var validation: [Example]
    package var test: [Example]
    /// What texts are given for context; nil for nothing.
    package var passages: Passages?
    /// What was carved, cut, dropped or repaired, each a sentence to show.
    package var remarks: [Remark]
    /// Where the rows came from: a package and version, a path.
    package var source: String
    /// The parts that the source itself has; what it lacks is carved.
    package var declaredParts: Set<Split> = []

    package init(
        name: String, columns: [String], textColumn: String? = nil, pairColumn: String? = nil,
        labelColumn: String? = nil, labels: [String] = [], train: [Example] = [],
        validation: [Example] = [], test: [Example] = [], remarks: [Remark] = [], source: String
    ) {
        self.name = name
        self.columns = columns
        self.labels = labels
        self.train = train
        self.validation = validation
        self.test = test
        self.remarks = remarks
        self.source = source
        (roles[.text], roles[.pair], roles[.label]) = (textColumn, pairColumn, labelColumn)
    }

    package var textColumn: String? { roles[.text] }
    package var pairColumn: String? { roles[.pair] }
    package var labelColumn: String? { roles[.label] }

    /// What is to be learned of its texts.
    package var shape: DatasetShape {
        if roles[.rejected] != nil { return .preferences }
        if roles[.answer] != nil { return .answers }
        if roles[.messages] != nil { return .dialogues }
        if roles[.value] != nil { return .values }
        return areTextsAlone && labels.isEmpty ? .texts : .classes
    }

    /// The remarks as they read.
    package var notes: [String] { remarks.map(\.text) }

    package subscript(split: Split) -> [Example] {
        get {
            switch split {
            case .train: train
            case .validation: validation
            case .test: test
            }
        }
        set {
            switch split {
            case .train: train = newValue
            case .validation: validation = newValue
            case .test: test = newValue
            }
        }
    }

    /// Whether there is anything to learn from or to judge by; without, the classes alone are known.
    package var hasExamples: Bool { Split.allCases.contains { !self[$0].isEmpty } }

    /// The columns that nothing is made of, in the source's order.
    package var unusedColumns: [String] {
        columns.filter { !roles.values.contains($0) && $0 != splitColumn }
    }

    /// The same examples with the classes in another order, and as they are written there.
    ///
    /// nil when the classes are others; those that differ in case or spaces only are the same.
    package func arranged(as order: [String]) -> Dataset? {
        guard order.count == labels.count else { return nil }
        guard order != labels else { return self }
        var places = Dictionary(order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var found = labels.compactMap { places[$0] }
        if found.count < labels.count {
            places = Dictionary(
                order.enumerated().map { ($1.foldedClass, $0) }, uniquingKeysWith: { first, _ in first })
            found = labels.compactMap { places[$0.foldedClass] }
        }
        guard found.count == labels.count, Set(found).count == labels.count else { return nil }
        return relabelled(as: order, by: found)
    }

    /// The same examples with other classes.
    ///
    /// - `places`: for each of its classes, which of the new ones it is.
    package func relabelled(as labels: [String], by places: [Int]) -> Dataset {
        precondition(
            places.count == self.labels.count && places.allSatisfy(labels.indices.contains),
            "\(places.count) places for \(self.labels.count) classes among \(labels.count)")
        var copy = self
        for split in Split.allCases {
            for index in copy[split].indices {
                copy[split][index].label = copy[split][index].label.map { places[$0] }
            }
        }
        copy.labels = labels
        return copy
    }

    /// How many examples of each class a part has, in the order of `labels`.
    package func counts(in split: Split) -> [Int] {
        var counts = [Int](repeating: 0, count: labels.count)
        for case let label? in self[split].lazy.map(\.label) { counts[label] += 1 }
        return counts
    }
}

/// A part of a data set.
package enum Split: String, Sendable, CaseIterable, Codable {
    case train
    case validation
    case test

    /// The part that a column, folder or file calls so; spellings that are in use are known.
    package init?(named name: String) {
        switch name.lowercased() {
        case "train", "training", "trn": self = .train
        case "validation", "valid", "val", "dev", "develop", "trial", "eval": self = .validation
        case "test", "testing", "tst": self = .test
        default: return nil
        }
    }
}
