import Foundation

/// One row of a data set: a text, and what is to be said of it: a class, a number, another text.
package struct Example: Sendable, Hashable {
    /// What is read; of a dialogue all its turns, written one after another.
    package var text: String
    /// What the example itself asks to be done with its text; nil where the text asks for it, or the data set does.
    package var instruction: String?
    /// The second text of a pair (a hypothesis).
    package var pair: String?
    /// Passages that stand before the text where it is read; nil for none.
    package var context: String?
    /// The dialogue; of an example with an answer what comes before that. Empty where it is none.
    package var turns: [Turn] = []
    /// The class, as an index into the data set's `labels`.
    package var label: Int?
    /// The number that stands in place of a class.
    package var value: Float?
    /// The text that is to be written.
    package var answer: String?
    /// The answer that is less liked than `answer`.
    package var rejected: String?
    /// The other columns, as text.
    package var fields: [String: String]
    /// The row's number in its source, counted from 0; no two examples of a data set share one.
    package var id: Int

    package init(
        text: String, pair: String? = nil, label: Int? = nil, fields: [String: String] = [:], id: Int
    ) {
        self.text = text
        self.pair = pair
        self.label = label
        self.fields = fields
        self.id = id
    }

    /// The same number for equal texts (and instructions, and second texts), whatever is to be said of them, their row or
    /// part and the white space around them; on every machine, in every run.
    package var contentHash: UInt64 { Self.contentHash(of: text, pair, instruction: instruction) }

    package static func contentHash(of text: String, _ pair: String?, instruction: String? = nil) -> UInt64 {
        func hash(_ text: String) -> UInt64 {
            text.trimmingCharacters(in: .whitespacesAndNewlines).stableHash
        }
        return hash(text) &+ (pair.map { hash($0) &* 31 } ?? 0) &+ (instruction.map { hash($0) &* 37 } ?? 0)
    }
}
