import Diagnostics

/// How many examples stood before each text of an evaluation, and how many of them were asked for.
package struct ShotUse: Sendable, Hashable, Codable {
    package let wanted: Int
    /// Those that were there to be drawn, at most as many as wanted.
    package let drawn: Int
    /// Those that fit.
    package let count: Int
    /// That they take before each text.
    package let tokens: Int
    package let seed: UInt64
    /// Tokens of all together, at most.
    package let maxLength: Int
    /// Whether they stand without the passages that the texts have before them.
    package let isBare: Bool

    /// `4 examples before each text`
    package var summary: String { "\(count.grouped) example\(count == 1 ? "" : "s") before each text" }

    /// Where they came from, and what they take.
    package var origin: String {
        "examples: drawn from the training part with seed \(seed), none of them among the texts, \(tokens.grouped) tokens in all"
            + (isBare ? ", without passages" : "")
    }

    /// All that is to be said of them, where nothing else says it.
    package var notes: [String] { ["\(summary); \(origin)"] + [remark].compactMap(\.self) }

    /// What is missing of what was asked for; nil where nothing is.
    package var remark: String? {
        var parts: [String] = []
        if drawn < wanted {
            parts.append(
                "the training part has \(drawn.grouped) to draw where \(wanted.grouped) were asked for")
        }
        if count < drawn {
            parts.append(
                "\(count.grouped) of \(drawn.grouped) examples fit into max_length=\(maxLength) beside the texts"
            )
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", and ")
    }
}
