/// One step from tokens back to text; works on bytes, since a token may hold half a character.
enum Decoder: Sendable {
    case byteLevel
    case wordPiece(prefix: [UInt8], cleansUp: Bool)
    case replace([UInt8], with: [UInt8])
    /// Runs of `<0x41>` tokens become the text that their bytes spell.
    case byteFallback
    case fuse
    /// Takes `content` off the beginning and the end of each token, so many times at most.
    case strip([UInt8], start: Int, end: Int)
    /// `▁` becomes a space; in the first token it is dropped.
    case metaspace(dropsFirst: Bool)

    func decode(_ tokens: [[UInt8]]) -> [[UInt8]] {
        switch self {
        case .byteLevel: return [tokens.flatMap(bytesOfAlphabet)]
        case .wordPiece(let prefix, let cleansUp):
            return tokens.enumerated().map { joinPiece($1, isFirst: $0 == 0, prefix, cleansUp) }
        case .replace(let pattern, let replacement):
            return tokens.map { $0.replacing(pattern, with: replacement) }
        case .byteFallback: return joinBytes(tokens)
        case .fuse: return [Array(tokens.joined())]
        case .strip(let content, let start, let end): return tokens.map { strip($0, content, start, end) }
        case .metaspace(let dropsFirst):
            return tokens.enumerated().map { index, token in
                token.replacing(Normalizer.metaspace, with: dropsFirst && index == 0 ? [] : [32])
            }
        }
    }

    /// A token with a character outside the alphabet stands for itself.
    private func bytesOfAlphabet(_ token: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < token.count {
            let (value, width) = scalar(token, at: index)
            guard let byte = ByteAlphabet.byte(of: value) else { return token }
            result.append(byte)
            index += width
        }
        return result
    }

    private func joinPiece(_ token: [UInt8], isFirst: Bool, _ prefix: [UInt8], _ cleansUp: Bool) -> [UInt8] {
        var piece = token
        if !isFirst {
            piece = token.starts(with: prefix) ? Array(token.dropFirst(prefix.count)) : [32] + token
        }
        guard cleansUp else { return piece }
        for (found, tidy) in Decoder.tidied { piece = piece.replacing(found, with: tidy) }
        return piece
    }

    private static let tidied: [([UInt8], [UInt8])] = [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ].map { (Array($0.utf8), Array($1.utf8)) }

    private func joinBytes(_ tokens: [[UInt8]]) -> [[UInt8]] {
        var result: [[UInt8]] = []
        var pending: [UInt8] = []
        func flush() {
            guard !pending.isEmpty else { return }
            // Bytes that spell no text become one replacement character each.
            let isText = String(validating: pending, as: UTF8.self) != nil
            result.append(
                isText ? pending : Array(repeatElement("\u{fffd}".utf8, count: pending.count).joined()))
            pending = []
        }
        for token in tokens {
            if let byte = byteOfFallback(token) {
                pending.append(byte)
            } else {
                flush()
                result.append(token)
            }
        }
        flush()
        return result
    }

    private func byteOfFallback(_ token: [UInt8]) -> UInt8? {
        guard token.count == 6, token.starts(with: Array("<0x".utf8)), token[5] == UInt8(ascii: ">") else {
            return nil
        }
        return UInt8(String(decoding: token[3..<5], as: UTF8.self), radix: 16)
    }

    private func strip(_ token: [UInt8], _ content: [UInt8], _ start: Int, _ end: Int) -> [UInt8] {
        guard !content.isEmpty else { return token }
        var rest = token[...]
        for _ in 0..<start where rest.starts(with: content) { rest = rest.dropFirst(content.count) }
        for _ in 0..<end where rest.suffix(content.count).elementsEqual(content) {
            rest = rest.dropLast(content.count)
        }
        return Array(rest)
    }
}
