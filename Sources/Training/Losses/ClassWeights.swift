import Diagnostics
import Learning

/// What examples of each class count in the loss, in the order of the labels.
package struct ClassWeights: Sendable, Hashable {
    /// The word for weights that make up for how often each class comes.
    package static let balanced = "balanced"

    package let labels: [String]
    package let values: [Float]

    /// - `words`: `balanced`, numbers in the order of the labels, or pairs such as `spam:6.5`, where a class that is not
    ///   named counts 1.
    /// - Throws: `bad-value`.
    package init(_ words: [String], of labels: [String], over examples: [EncodedExample]) throws {
        guard labels.count > 1 else {
            throw Self.problem("are of classes, and these data have none", hint: "leave it out")
        }
        self.labels = labels
        if words == [Self.balanced] {
            values = Self.balanced(of: labels.count, over: examples)
        } else if words.contains(where: { $0.contains(":") }) {
            values = try Self.named(words, labels)
        } else {
            guard words.count == labels.count else {
                throw Self.problem(
                    "are \(words.count.grouped), and there are \(labels.count.grouped) classes: \(ClassMatch.listed(labels))",
                    hint:
                        "write class_weights=balanced, or a number above 0 for each or by name, as class_weights=\(Self.sample(labels))"
                )
            }
            values = try zip(words, labels).map { try Self.number($0, of: $1, labels) }
        }
    }

    /// scikit-learn's `n / (k · n_c)`, over the k classes that examples have; 0 for one that none has.
    private static func balanced(of count: Int, over examples: [EncodedExample]) -> [Float] {
        var counts = [Int](repeating: 0, count: count)
        for example in examples { if let label = example.truth?.label { counts[label] += 1 } }
        let (all, classes) = (counts.reduce(0, +), counts.count { $0 > 0 })
        return counts.map { $0 > 0 ? Float(Double(all) / (Double(classes) * Double($0))) : 0 }
    }

    private static func named(_ words: [String], _ labels: [String]) throws -> [Float] {
        var found: [String: Float] = [:]
        for word in words {
            guard let colon = word.lastIndex(of: ":"), colon > word.startIndex else {
                throw problem(
                    "have \(word), which names no class, among names with numbers: the classes are \(ClassMatch.listed(labels))",
                    hint: "write class_weights=\(sample(labels, isNamed: true))")
            }
            let name = String(word[..<colon])
            guard labels.contains(name) else {
                throw problem(
                    "name \(name), which is no class of these data: they have \(ClassMatch.listed(labels))",
                    hint: closestName(to: name, among: labels).map { "did you mean \($0)?" }
                        ?? "write class_weights=\(sample(labels, isNamed: true))")
            }
            guard found[name] == nil else { throw problem("name \(name) twice", hint: "write it once") }
            found[name] = try number(String(word[word.index(after: colon)...]), of: name, labels)
        }
        return labels.map { found[$0] ?? 1 }
    }

    /// A batch is divided by its weights' sum, which must be something.
    private static func number(_ text: String, of label: String, _ labels: [String]) throws -> Float {
        guard let number = Float(text), number.isFinite, number > 0, number.isNormal else {
            let least = Float(text) == 0 ? ": a class that is to count next to nothing has 0.001, say" : ""
            throw problem(
                "cannot be \(text) for \(ClassMatch.named(label)), expected a number above 0\(least)",
                hint:
                    "write class_weights=balanced, or a number above 0 for each or by name, as class_weights=\(sample(labels))"
            )
        }
        return number
    }

    /// What can be written for these classes: a number for each, or by the name of one where they are many; the others
    /// then have 1.
    private static func sample(_ labels: [String], isNamed: Bool = false) -> String {
        let named = labels.lazy.compactMap { ListText.written(["\($0):2"]) }.first
        let all = labels.map { _ in "1" }.joined(separator: ",")
        return isNamed || labels.count > 10 ? named ?? all : all
    }

    private static func problem(_ what: String, hint: String) -> Diagnostic {
        Diagnostic("bad-value", "class_weights \(what)", about: "class_weights", hint: hint)
    }

    /// The example with its class's weight at all that is learned of it: at its class, or at each token of its answer.
    func applied(to example: EncodedExample) -> EncodedExample {
        guard let label = example.truth?.label else { return example }
        var other = example
        for row in other.rows.indices {
            for place in other.rows[row].learned.indices {
                other.rows[row].learned[place].weight *= values[label]
            }
        }
        return other
    }
}
