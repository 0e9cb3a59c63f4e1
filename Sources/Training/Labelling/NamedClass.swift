/// Which class a text in plain words names: what a language model has answered.
package enum NamedClass: Sendable, Hashable {
    case one(Int)
    /// None of them.
    case none
    /// More than one, so that it is not known which was meant: `not positive but negative`.
    case several

    package var label: Int? { if case .one(let label) = self { label } else { nil } }
}

/// Finds the class that an answer names, by its name as a word of its own, in whatever letters.
///
/// An answer that names none, or several, tells nothing; whoever labels texts by it drops those (LlamBERT,
/// Csanády et al. 2024).
package struct ClassReading: Sendable {
    /// Names with their classes, the longest first, so that a name within another's is not found there.
    private let names: [(letters: [Character], label: Int)]

    package init(_ labels: [String]) {
        names = labels.enumerated().map { (Self.letters(of: $1), $0) }
            .filter { !$0.letters.isEmpty }
            .sorted { ($1.letters.count, $0.label) < ($0.letters.count, $1.label) }
    }

    package func named(in answer: String) -> NamedClass {
        let text = Self.letters(of: answer)
        var taken = [Bool](repeating: false, count: text.count)
        var found: Set<Int> = []
        for (name, label) in names {
            for start in text.indices where isName(name, at: start, of: text) {
                let range = start..<start + name.count
                guard !taken[range].contains(true) else { continue }
                for place in range { taken[place] = true }
                found.insert(label)
            }
        }
        guard let first = found.first else { return .none }
        return found.count == 1 ? .one(first) : .several
    }

    private func isName(_ name: [Character], at start: Int, of text: [Character]) -> Bool {
        let end = start + name.count
        guard end <= text.count, text[start..<end].elementsEqual(name) else { return false }
        func joins(_ inner: Character, _ outer: Character?) -> Bool {
            outer.map { Self.isOfWord($0) && Self.isOfWord(inner) } ?? false
        }
        return !joins(name[0], start > 0 ? text[start - 1] : nil)
            && !joins(name[name.count - 1], end < text.count ? text[end] : nil)
    }

    private static func isOfWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber
    }

    /// In small letters; white space of any kind is one space.
    private static func letters(of text: String) -> [Character] {
        Array(text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }
}
