import Datasets

/// What a language model's answers make of a data set whose classes are known by name: LlamBERT's first half.
package struct Labelling: Sendable {
    package struct Part: Sendable {
        package let split: Split
        /// By example of the part, in its order.
        package let answers: [String]
        package let named: [NamedClass]
    }

    package let labels: [String]
    package private(set) var parts: [Part] = []
    /// Given beside known: of texts that got a class, and whose class was known before.
    package private(set) var agreement: ConfusionMatrix

    package init(labels: [String]) {
        self.labels = labels
        agreement = ConfusionMatrix(labels: labels)
    }

    /// - `answers`: to each example of the part, in its order.
    package mutating func add(_ answers: [String], to examples: [Example], in split: Split) {
        precondition(
            answers.count == examples.count, "\(answers.count) answers to \(examples.count) texts")
        let reading = ClassReading(labels)
        let named = answers.map(reading.named)
        for (example, named) in zip(examples, named) {
            guard let truth = example.label, let label = named.label else { continue }
            agreement.add(truth: truth, prediction: label)
        }
        parts.append(Part(split: split, answers: answers, named: named))
    }

    package var asked: Int { parts.reduce(0) { $0 + $1.named.count } }
    package func count(_ claim: (NamedClass) -> Bool) -> Int {
        parts.reduce(0) { $0 + $1.named.count(where: claim) }
    }
    package var labelled: Int { count { $0.label != nil } }

    /// How many texts got each class.
    package var counts: [Int] {
        labels.indices.map { label in count { $0 == .one(label) } }
    }

    /// The column that says which class a text had before.
    package static let column = "gold"

    /// The data with these classes: texts without one are gone from the parts that were asked about, and what was known
    /// of them before stands in the column `gold`.
    package func applied(to dataset: Dataset) -> Dataset {
        var made = dataset
        for part in parts {
            made[part.split] = zip(dataset[part.split], part.named).compactMap { example, named in
                guard let label = named.label else { return nil }
                var example = example
                example.fields[Self.column] = example.label.map { labels[$0] } ?? ""
                example.label = label
                return example
            }
        }
        if !made.columns.contains(Self.column) { made.columns.append(Self.column) }
        return made
    }
}
