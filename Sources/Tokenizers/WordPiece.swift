/// WordPiece: the longest known piece from the left, again and again; a word that cannot be
/// spelt is one unknown token.
struct WordPiece: Sendable {
    let vocabulary: Vocabulary
    /// Pieces that continue a word, without their prefix.
    private let continuations: Vocabulary
    let unknown: Int32
    /// Longer words, in characters, are unknown.
    let longestWord: Int

    init(vocabulary: Vocabulary, prefix: [UInt8], unknown: Int32, longestWord: Int) {
        self.vocabulary = vocabulary
        self.unknown = unknown
        self.longestWord = longestWord
        var pieces: [(token: [UInt8], id: Int32)] = []
        for id in 0..<Int32(vocabulary.count) {
            guard let bytes = vocabulary.bytes(of: id), bytes.starts(with: prefix) else { continue }
            if vocabulary.id(of: Array(bytes), 0..<bytes.count) != id { continue }
            pieces.append((Array(bytes.dropFirst(prefix.count)), id))
        }
        continuations = Vocabulary(pieces)
    }

    func encode(_ text: [UInt8], _ word: Range<Int>, into ids: inout [Int32]) {
        let before = ids.count
        guard word.count <= longestWord || characters(text, word) <= longestWord else {
            ids.append(unknown)
            return
        }
        var start = word.lowerBound
        while start < word.upperBound {
            let pieces = start == word.lowerBound ? vocabulary : continuations
            var end = min(word.upperBound, start + pieces.longest)
            while end < word.upperBound, text[end] & 0xc0 == 0x80 { end -= 1 }
            var found: Int32?
            while end > start {
                found = pieces.id(of: text, start..<end)
                if found != nil { break }
                end = scalarIndex(text, before: end)
            }
            guard let found else {
                ids.removeSubrange(before...)
                ids.append(unknown)
                return
            }
            ids.append(found)
            start = end
        }
    }

    private func characters(_ text: [UInt8], _ word: Range<Int>) -> Int {
        word.reduce(0) { $0 + (text[$1] & 0xc0 != 0x80 ? 1 : 0) }
    }
}
