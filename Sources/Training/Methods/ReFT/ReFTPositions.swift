import Diagnostics

/// A prompt's first and last tokens in pyreft's words: `f7+l7`, `f3`, `l1`.
struct ReFTPositions: Sendable, Hashable, CustomStringConvertible {
    let first, last: Int

    /// - Throws: `bad-value` for what is none of the forms, or names no token.
    init(parsing text: String) throws {
        var counts: [Character: Int] = [:]
        for part in text.split(separator: "+", omittingEmptySubsequences: false) {
            guard let end = part.first, "fl".contains(end), counts[end] == nil,
                let count = Int(part.dropFirst()), (0...4096).contains(count)
            else { throw Self.problem(text) }
            counts[end] = count
        }
        (first, last) = (counts["f"] ?? 0, counts["l"] ?? 0)
        guard first + last > 0 else { throw Self.problem(text) }
    }

    var description: String {
        ([("f", first), ("l", last)].filter { $0.1 > 0 }.map { "\($0)\($1)" }).joined(separator: "+")
    }

    /// How many changes a block has: one for each end, or one where there is one end, shared or not.
    func changeCount(isShared: Bool) -> Int { isShared || first == 0 || last == 0 ? 1 : 2 }

    private static func problem(_ text: String) -> Diagnostic {
        Diagnostic(
            "bad-value", "positions \(text.prefix(40)) is not understood", about: "positions",
            hint: "write f1+l1 for a prompt's first and last token, f3 or l3 for one end's three")
    }
}
