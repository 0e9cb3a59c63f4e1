/// Byte-pair encoding over bytes (GPT-2, LLaMA 3) or characters with byte fallback (LLaMA 1 and 2).
struct BytePair: Sendable {
    enum Symbols: Sendable {
        /// The id of each byte; negative where the vocabulary has none.
        case bytes([Int32])
        /// Characters; `fallback` has the ids of `<0x00>` … `<0xFF>`, if the vocabulary has them.
        case characters(fallback: [Int32]?)
    }

    let vocabulary: Vocabulary
    let merges: MergeTable
    let symbols: Symbols
    var unknown: Int32?
    /// A run of unknown characters is one token.
    var fusesUnknown = false
    /// A piece that is a token is taken as it is, without merging.
    var ignoresMerges = false

    /// The symbols of a vocabulary in the byte alphabet.
    static func byteSymbols(of vocabulary: Vocabulary) -> Symbols {
        .bytes(ByteAlphabet.scalars.map { vocabulary.id(of: String($0)) ?? -1 })
    }

    static func characterSymbols(of vocabulary: Vocabulary, fallback: Bool) -> Symbols {
        guard fallback else { return .characters(fallback: nil) }
        let ids = (0...255).map { (byte: Int) -> Int32 in
            let digits = String(byte, radix: 16, uppercase: true)
            return vocabulary.id(of: "<0x\(byte < 16 ? "0" : "")\(digits)>") ?? -1
        }
        return .characters(fallback: ids)
    }

    func encode(
        _ text: [UInt8], _ word: Range<Int>, into ids: inout [Int32], merger: inout SymbolMerger
    ) {
        if ignoresMerges, let whole = wholeWord(text, word) {
            ids.append(whole)
            return
        }
        let start = ids.count
        switch symbols {
        case .bytes(let table): appendBytes(text, word, table, into: &ids)
        case .characters(let fallback): appendCharacters(text, word, fallback, into: &ids)
        }
        merger.merge(&ids, from: start, by: merges)
    }

    private func wholeWord(_ text: [UInt8], _ word: Range<Int>) -> Int32? {
        guard case .bytes = symbols else { return vocabulary.id(of: text, word) }
        let spelt = ByteAlphabet.spell(text, word)
        return vocabulary.id(of: spelt, 0..<spelt.count)
    }

    private func appendBytes(
        _ text: [UInt8], _ word: Range<Int>, _ table: [Int32], into ids: inout [Int32]
    ) {
        var lastWasUnknown = false
        for index in word {
            let id = table[Int(text[index])]
            if id >= 0 {
                ids.append(id)
            } else if let unknown, !(fusesUnknown && lastWasUnknown) {
                ids.append(unknown)
            }
            lastWasUnknown = id < 0
        }
    }

    private func appendCharacters(
        _ text: [UInt8], _ word: Range<Int>, _ fallback: [Int32]?, into ids: inout [Int32]
    ) {
        var lastWasUnknown = false
        var index = word.lowerBound
        while index < word.upperBound {
            let range = index..<min(word.upperBound, index + scalarWidth(text[index]))
            index = range.upperBound
            if let id = vocabulary.id(of: text, range) {
                ids.append(id)
                lastWasUnknown = false
            } else if let fallback, range.allSatisfy({ fallback[Int(text[$0])] >= 0 }) {
                for byte in range { ids.append(fallback[Int(text[byte])]) }
                lastWasUnknown = false
            } else {
                if let unknown, !(fusesUnknown && lastWasUnknown) { ids.append(unknown) }
                lastWasUnknown = true
            }
        }
    }
}
