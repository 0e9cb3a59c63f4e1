import Foundation

/// One row of a data set: a text, perhaps a second one, perhaps a class.
package struct Example: Sendable, Hashable {
    package var text: String
    /// The second text of a pair (a hypothesis).
    package var pair: String?
    /// Passages that stand before the text where it is read; nil for none.
    package var context: String?
    /// The class, as an index into the data set's `labels`.
    package var label: Int?
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

    /// The same number for equal texts (and second texts), whatever their class, row or part and the
    /// white space around them; on every machine, in every run.
    package var contentHash: UInt64 { Self.contentHash(of: text, pair) }

    package static func contentHash(of text: String, _ pair: String?) -> UInt64 {
        func hash(_ text: String) -> UInt64 {
            text.trimmingCharacters(in: .whitespacesAndNewlines).stableHash
        }
        return hash(text) &+ (pair.map { hash($0) &* 31 } ?? 0)
    }
}
