import Diagnostics

/// A tokenizer as the header of a GGUF file says it (`tokenizer.ggml.*`).
package struct GGUFVocabulary: Sendable, Equatable {
    /// `gpt2` for byte-level BPE, `llama` for SentencePiece's.
    package let model: String
    /// How texts are cut before: the name that llama.cpp knows the expressions by.
    package let pre: String
    package internal(set) var tokens: [String]
    /// 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte.
    package internal(set) var types: [Int32]
    /// One a token, of `llama`.
    package internal(set) var scores: [Float]?
    /// Pairs with a space between, of `gpt2`.
    package internal(set) var merges: [String]?
    package let special: SpecialTokens
    package let addsBOS, addsEOS: Bool
    /// Of `llama`: whether a space is put before a text.
    package internal(set) var addsSpace: Bool?

    enum TokenType: Int32 {
        case normal = 1
        case unknown, control, userDefined, unused, byte
    }

    static func impossible(_ why: String) -> Diagnostic {
        Diagnostic(
            "not-in-gguf", "llama.cpp cannot have this model's tokenizer: \(why)",
            hint:
                "merge writes the whole model for Transformers; an adapter (adapter=yes) needs no tokenizer")
    }
}

extension PipelineTokenizer {
    func gguf(tokens count: Int) throws -> GGUFVocabulary {
        guard case .bytePair(let pairs) = model else {
            throw GGUFVocabulary.impossible("WordPiece is BERT's, and BERT is not written as GGUF")
        }
        try requirePlainTokens()
        let (before, after) = template.around
        let (begin, end) = ([special.bos].compactMap(\.self), [special.eos].compactMap(\.self))
        guard before.isEmpty || before == begin, after.isEmpty || after == end else {
            throw GGUFVocabulary.impossible(
                "other tokens than those of a text's beginning and end stand around it")
        }
        var made: GGUFVocabulary
        switch pairs.symbols {
        case .bytes: made = try byteLevel(pairs, addsBOS: !before.isEmpty, addsEOS: !after.isEmpty)
        case .characters(let fallback):
            made = try sentencePiece(pairs, fallback, addsBOS: !before.isEmpty, addsEOS: !after.isEmpty)
        }
        fill(&made, count, pairs)
        return made
    }

    /// llama.cpp finds a token where it is written, whatever stands around it.
    private func requirePlainTokens() throws {
        let odd = added.values.filter { $0.isSingleWord || $0.stripsLeft || $0.stripsRight }
        guard let first = odd.min(by: { $0.id < $1.id }) else { return }
        throw GGUFVocabulary.impossible(
            "\(first.content.briefly) takes white space along, or stands between words alone")
    }

    private func byteLevel(_ pairs: BytePair, addsBOS: Bool, addsEOS: Bool) throws -> GGUFVocabulary {
        guard normalizers.isEmpty, rewriters.isEmpty else {
            throw GGUFVocabulary.impossible("it changes a text before it cuts it")
        }
        guard let pre = GGUFPreTokenizer.name(of: preTokenizers, ignoresMerges: pairs.ignoresMerges) else {
            throw GGUFVocabulary.impossible(
                "it cuts texts in a way for which no name of llama.cpp's is known here")
        }
        var made = GGUFVocabulary(
            model: "gpt2", pre: pre, tokens: [], types: [], special: special, addsBOS: addsBOS,
            addsEOS: addsEOS)
        made.merges = try pairs.merges.ranked.map { merge in
            guard let left = token(of: merge.left), let right = token(of: merge.right) else {
                throw GGUFVocabulary.impossible("a merge names a token that there is not")
            }
            return "\(left) \(right)"
        }
        return made
    }

    private func sentencePiece(
        _ pairs: BytePair, _ fallback: [Int32]?, addsBOS: Bool, addsEOS: Bool
    ) throws -> GGUFVocabulary {
        guard fallback != nil, preTokenizers.isEmpty, !pairs.ignoresMerges, let space = addsSpace else {
            throw GGUFVocabulary.impossible(
                "it is neither byte-level BPE nor SentencePiece's with bytes for the rest and a space before every text"
            )
        }
        return GGUFVocabulary(
            model: "llama", pre: "default", tokens: [], types: [], scores: [], special: special,
            addsBOS: addsBOS, addsEOS: addsEOS, addsSpace: space)
    }

    /// Whether a space is put before a text; nil where a text is changed in other ways.
    private var addsSpace: Bool? {
        let spaces: [UInt8] = [UInt8(ascii: " ")]
        func replacesSpaces(_ step: Normalizer?) -> Bool {
            guard case .replace(let found, let with)? = step else { return false }
            return found == spaces && with == Normalizer.metaspace
        }
        // Metaspace puts none before a text that begins with one, llama.cpp always does.
        if normalizers.isEmpty, rewriters.count == 1, case .metaspace(.never)? = rewriters.first {
            return false
        }
        guard rewriters.isEmpty, replacesSpaces(normalizers.last) else { return nil }
        switch (normalizers.count, normalizers.first) {
        case (1, _): return false
        case (2, .prepend(let text)?): return text == spaces || text == Normalizer.metaspace ? true : nil
        default: return nil
        }
    }

    private func fill(_ made: inout GGUFVocabulary, _ count: Int, _ pairs: BytePair) {
        var bytes: Set<Int32> = []
        if case .characters(let fallback) = pairs.symbols { bytes = Set(fallback ?? []) }
        for id in 0..<Int32(count) {
            made.tokens.append(token(of: id) ?? Self.filler(id))
            made.types.append(type(of: id, unknown: made.scores == nil ? nil : pairs.unknown, bytes).rawValue)
        }
        guard made.scores != nil else { return }
        // What is merged first has the best score; what no merge makes has the worst.
        var ranks: [Int32: Int32] = [:]
        for merge in pairs.merges.ranked where ranks[merge.id] == nil { ranks[merge.id] = merge.rank }
        let worst = (ranks.values.max() ?? 0) + 1
        made.scores = (0..<Int32(count)).map { -Float(ranks[$0] ?? worst) }
    }

    private static func filler(_ id: Int32) -> String { "[PAD\(id)]" }

    private func type(of id: Int32, unknown: Int32?, _ bytes: Set<Int32>) -> GGUFVocabulary.TokenType {
        // What a converter has put where there was no token is read as one.
        if token(of: id) ?? Self.filler(id) == Self.filler(id) { return .unused }
        if id == unknown { return .unknown }
        if let own = added[id] { return own.isSpecial ? .control : .userDefined }
        return bytes.contains(id) ? .byte : .normal
    }
}

extension GGUFPreTokenizer {
    /// What llama.cpp calls a way of cutting; nil where it has none that is read here.
    static func name(of steps: [PreTokenizer], ignoresMerges: Bool) -> String? {
        switch (steps.first, steps.dropFirst().first) {
        case (.gpt2, nil): ignoresMerges ? nil : "gpt-2"
        case (.singleDigits, .gpt2) where steps.count == 2: ignoresMerges ? nil : "smollm"
        case (.llama3(digits: 3), nil): ignoresMerges ? "llama-bpe" : nil
        case (.llama3(digits: 1), nil): ignoresMerges ? nil : "qwen2"
        default: nil
        }
    }
}
