/// A token that is found in the text as it stands, before anything else is done.
struct AddedToken: Sendable {
    var id: Int32
    /// As many as a model can have a row for: larger ids are refused, so that the next free one is a number.
    static let highestID: Int32 = 1 << 24
    let content: String
    var isSpecial = true
    /// Matched in the normalised text instead of the raw one.
    var isNormalized = false
    /// Only between characters that are no word characters.
    var isSingleWord = false
    /// Takes the white space before it along.
    var stripsLeft = false
    /// Takes the white space after it along.
    var stripsRight = false
    /// Named by a configuration alone: the model need not have a row for it.
    var isNamedOnly = false
}

extension [AddedToken] {
    /// Adds a token as the reference's `add_tokens` does: its id is the one it has already, among the added
    /// ones or in the vocabulary, or else the next that is free.
    mutating func add(_ token: AddedToken, _ vocabulary: Vocabulary) {
        guard !token.content.isEmpty else { return }
        var token = token
        if let index = firstIndex(where: { $0.content.utf8.elementsEqual(token.content.utf8) }) {
            (token.id, token.isNamedOnly) = (self[index].id, self[index].isNamedOnly)
            self[index] = token
            return
        }
        if let id = vocabulary.id(of: token.content) {
            token.id = id
        } else {
            token.id = Swift.max(Int32(vocabulary.tokenCount), (map(\.id).max() ?? -1) + 1)
            token.isNamedOnly = true
        }
        append(token)
    }
}

/// Finds added tokens in text: leftmost first, the longest of those that begin there.
struct AddedTokens: Sendable {
    struct Piece {
        let range: Range<Int>
        /// Nil for ordinary text.
        let id: Int32?
    }

    private struct Entry: Sendable {
        let bytes: [UInt8]
        let token: AddedToken
    }

    /// Entries by their first byte, the longest first.
    private var byFirst: [[Entry]] = []

    /// - `spelling`: how the token's content reads in the text that is searched.
    init(_ tokens: [AddedToken], spelling: (AddedToken) -> [UInt8] = { Array($0.content.utf8) }) {
        for token in tokens {
            let bytes = spelling(token)
            guard let first = bytes.first else { continue }
            if byFirst.isEmpty { byFirst = [[Entry]](repeating: [], count: 256) }
            byFirst[Int(first)].append(Entry(bytes: bytes, token: token))
        }
        for index in byFirst.indices { byFirst[index].sort { $0.bytes.count > $1.bytes.count } }
    }

    /// Cuts `range` of the text at the added tokens; pieces may be empty only for a token.
    func split(_ text: [UInt8], _ range: Range<Int>, _ body: (Piece) -> Void) {
        guard !byFirst.isEmpty else {
            if !range.isEmpty { body(Piece(range: range, id: nil)) }
            return
        }
        var done = range.lowerBound
        var index = range.lowerBound
        while index < range.upperBound {
            guard !byFirst[Int(text[index])].isEmpty, let entry = match(text, index, range.upperBound) else {
                index += 1
                continue
            }
            var start = index
            var end = index + entry.bytes.count
            index = end
            let token = entry.token
            if token.isSingleWord, touchesWord(text, start..<end, in: range) { continue }
            if token.stripsLeft { start = max(done, spaceStart(text, before: start, from: range.lowerBound)) }
            if token.stripsRight { end = spaceEnd(text, after: end, to: range.upperBound) }
            // White space that the token before took along may reach past this one's beginning.
            start = max(start, done)
            if done < start { body(Piece(range: done..<start, id: nil)) }
            body(Piece(range: start..<max(start, end), id: token.id))
            done = max(start, end)
        }
        if done < range.upperBound { body(Piece(range: done..<range.upperBound, id: nil)) }
    }

    private func match(_ text: [UInt8], _ index: Int, _ end: Int) -> Entry? {
        byFirst[Int(text[index])].first { entry in
            guard entry.bytes.count <= end - index else { return false }
            for offset in entry.bytes.indices where text[index + offset] != entry.bytes[offset] {
                return false
            }
            return true
        }
    }

    private func touchesWord(_ text: [UInt8], _ token: Range<Int>, in range: Range<Int>) -> Bool {
        let before =
            token.lowerBound > range.lowerBound
            && isWordCharacter(text, scalarIndex(text, before: token.lowerBound))
        let after = token.upperBound < range.upperBound && isWordCharacter(text, token.upperBound)
        return before || after
    }

    /// `\w` of regular expressions.
    private func isWordCharacter(_ text: [UInt8], _ index: Int) -> Bool {
        guard let found = Unicode.Scalar(scalar(text, at: index).value) else { return false }
        switch found.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
        default: return found.properties.isAlphabetic || found.properties.isJoinControl
        }
    }

    private func spaceStart(_ text: [UInt8], before end: Int, from start: Int) -> Int {
        var index = end
        while index > start {
            let before = scalarIndex(text, before: index)
            guard CharacterClass(of: scalar(text, at: before).value).contains(.space) else { break }
            index = before
        }
        return index
    }

    private func spaceEnd(_ text: [UInt8], after start: Int, to end: Int) -> Int {
        var index = start
        while index < end {
            let (value, width) = scalar(text, at: index)
            guard CharacterClass(of: value).contains(.space) else { break }
            index += width
        }
        return index
    }
}
