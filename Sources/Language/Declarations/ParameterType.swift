/// What values a parameter takes.
package indirect enum ParameterType: Sendable, Hashable {
    case integer(ClosedRange<Int>)
    case number(NumberRange)
    /// A count, or a share of all: `500`, `50%`, `0.1`.
    case portion(allowsNone: Bool)
    /// A size such as 8GB, in bytes.
    case bytes
    /// yes, no, true, false, on, off
    case flag
    case text
    case choice([Choice])
    /// One of the names that the session knows just now; with `isOpen` others pass too.
    case name(ValueSource, isOpen: Bool)
    /// A file or a folder; the source says which of them are offered.
    case path(ValueSource)
    case list(ParameterType)
}

/// One of the words that a parameter takes, and what it means.
package struct Choice: Sendable, Hashable {
    package var name: String
    package var doc: String
    package var aliases: [String]

    package init(_ name: String, _ doc: String, aliases: [String] = []) {
        self.name = name
        self.doc = doc
        self.aliases = aliases
    }

    func answers(to text: String) -> Bool { name == text || aliases.contains(text) }
}

/// Where names come from that only the session knows (the columns of the loaded data, say).
package struct ValueSource: Sendable, Hashable {
    /// What one of the names is, in the singular: "column", "data set".
    package var noun: String
    /// Of files, what their names may end in: nil where any will do, empty where only folders will.
    package var endings: [String]?

    package init(_ noun: String, endings: [String]? = nil) {
        (self.noun, self.endings) = (noun, endings)
    }
}

/// A name on offer, with a line about it.
package struct Candidate: Sendable, Hashable {
    package var name: String
    package var doc: String
    /// What it is, where its source has several kinds ("folder").
    package var noun: String?

    package init(_ name: String, _ doc: String = "", noun: String? = nil) {
        (self.name, self.doc, self.noun) = (name, doc, noun)
    }
}

/// The numbers between two ends; the lower one may be left out.
package struct NumberRange: Sendable, Hashable {
    package var low: Double
    package var high: Double
    package var excludesLow: Bool
    package var excludesHigh: Bool

    package init(low: Double, high: Double, excludesLow: Bool = false, excludesHigh: Bool = false) {
        (self.low, self.high) = (low, high)
        (self.excludesLow, self.excludesHigh) = (excludesLow, excludesHigh)
    }

    package static func from(_ low: Double, to high: Double = .infinity) -> NumberRange {
        NumberRange(low: low, high: high)
    }

    package static func above(_ low: Double, to high: Double = .infinity) -> NumberRange {
        NumberRange(low: low, high: high, excludesLow: true)
    }

    package static let any = NumberRange(low: -.infinity, high: .infinity)

    package func contains(_ number: Double) -> Bool {
        (excludesHigh ? number < high : number <= high) && (excludesLow ? number > low : number >= low)
    }

    /// `from 0 to 1`, `from 0, below 1`, `above 0`, `at most 3`, or nothing.
    package var description: String {
        let bottom = low > -.infinity ? (excludesLow ? "above " : "from ") + formatted(low) : ""
        guard high < .infinity else { return bottom }
        let top = (excludesHigh ? "below " : "at most ") + formatted(high)
        if bottom.isEmpty { return top }
        return excludesLow || excludesHigh ? "\(bottom), \(top)" : "\(bottom) to \(formatted(high))"
    }
}

extension ParameterType {
    var isList: Bool {
        if case .list = self { true } else { false }
    }

    var isPath: Bool {
        if case .path = self { true } else { false }
    }

    /// In one or a few words for help: "whole number 1…256", "one of adamw, sgd".
    package var summary: String {
        switch self {
        case .integer(let range): ("whole number" + described(range))
        case .number(let range): range.description.isEmpty ? "number" : "number \(range.description)"
        case .portion(let allowsNone):
            "count from \(allowsNone ? 0 : 1), or share as a percentage or below 1 (50%, 0.5; 100% is all, 1 is one)"
        case .bytes: "size such as 8GB"
        case .flag: "yes or no"
        case .text: "text"
        case .choice(let choices): "one of " + choices.map(\.name).joined(separator: ", ")
        case .name(let source, _): source.noun
        case .path: "path"
        case .list(let item): "list of: " + item.summary
        }
    }

    /// The type without its limits, as a completer shows it.
    package var noun: String {
        switch self {
        case .integer: "whole number"
        case .number: "number"
        case .portion: "count or share"
        case .bytes: "size"
        case .flag: "yes or no"
        case .text: "text"
        case .choice: "choice"
        case .name(let source, _): source.noun
        case .path: "path"
        case .list(let item): "list of " + item.noun
        }
    }
}

private func described(_ range: ClosedRange<Int>) -> String {
    switch (range.lowerBound, range.upperBound) {
    case (.min, .max): ""
    case (let low, .max): " from \(low)"
    case (.min, let high): " up to \(high)"
    case (let low, let high): " \(low)…\(high)"
    }
}

extension ValueSource {
    /// Files of these endings, and the folders that lead to them; found by the prefix.
    package static func file(_ endings: [String]) -> ValueSource { ValueSource(pathNoun, endings: endings) }
    package static let folder = ValueSource(pathNoun, endings: [])

    private static let pathNoun = "path"
    package var isPath: Bool { noun == Self.pathNoun }
}
