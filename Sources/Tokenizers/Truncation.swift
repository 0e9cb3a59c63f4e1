/// One text or two as the model reads them, cut to fit.
package struct Encoding: Sendable {
    package var ids: [Int32]
    /// 0 or 1 for each id; empty when all are 0.
    package var segments: [Int32]
    /// Tokens of text that did not fit.
    package var cut: Int
}

extension Tokenizer {
    /// One text or two with the model's special tokens, no longer than `limit`.
    ///
    /// The texts are cut before the special tokens are put around them, as the reference's
    /// `truncation="longest_first"` does it; so these stay whole.
    ///
    /// - `between`: tokens behind the first text of two, which stay whole too.
    package func encode(
        _ first: String, _ second: String?, limit: Int, between separator: [Int32] = []
    ) -> Encoding {
        let texts = (encode(first), second.map(encode))
        let separator = second == nil ? [] : separator
        let room = max(0, limit - template.specialCount(isPair: second != nil) - separator.count)
        let counts = Truncation.longestFirst(texts.0.count, texts.1?.count ?? 0, room: room)
        var (ids, segments) = template.assemble(
            cut(texts.0, to: counts.0) + separator, texts.1.map { cut($0, to: counts.1) })
        if !tellsSegments || segments.allSatisfy({ $0 == 0 }) { segments = [] }
        let whole = texts.0.count + (texts.1?.count ?? 0)
        return Encoding(ids: ids, segments: segments, cut: whole - counts.0 - counts.1)
    }

    /// As many of the ids as `count` says, without those at the end that is cut.
    package func cut(_ ids: [Int32], to count: Int) -> ArraySlice<Int32> {
        truncationSide == .left ? ids.suffix(count) : ids.prefix(count)
    }
}

enum Truncation {
    /// How much of two texts is kept: the longer loses first, then both come to half the room, the
    /// second to its greater half (or the first, when that was the longer).
    ///
    /// - Source: `truncate_encodings` of Hugging Face's tokenizers.
    static func longestFirst(_ first: Int, _ second: Int, room: Int) -> (Int, Int) {
        guard first + second > room else { return (first, second) }
        guard second > 0 else { return (room, 0) }
        var shorter = min(first, second)
        var longer = max(shorter, room - shorter)
        if shorter + longer > room {
            shorter = room / 2
            longer = room - shorter
        }
        return first > second ? (longer, shorter) : (shorter, longer)
    }
}
