import Diagnostics
import Tokenizers

/// What ends a text that is written.
struct TextEnds: Sendable {
    /// Tokens that do, and those of them that a person has asked for.
    let tokens, stopTokens: Set<Int32>
    /// Stop strings that are no tokens of their own.
    let stops: [String]

    /// - `stops`: strings that a person has asked for; one that is a special token is known by its number, since it reads
    ///   as nothing.
    /// - Throws: `bad-value` for a stop string without a letter.
    init(_ ends: Set<Int32>, stops: [String], tokenizer: any Tokenizer) throws {
        guard stops.allSatisfy({ !$0.isEmpty }) else {
            throw Diagnostic("bad-value", "a stop string is empty", hint: "leave it out of stop")
        }
        let known = stops.map { ($0, tokenizer.encode($0)) }
        let special = known.filter {
            $1.count == 1 && tokenizer.decode($1, skippingSpecialTokens: true).isEmpty
        }
        stopTokens = Set(special.flatMap(\.1))
        self.stops = known.map(\.0).filter { stop in !special.contains { $0.0 == stop } }
        tokens = ends.union(stopTokens)
    }
}
