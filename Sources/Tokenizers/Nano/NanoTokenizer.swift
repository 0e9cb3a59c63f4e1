/// The tokenizer of the nano models: common words are one token, everything else goes by bytes.
///
/// A word token stands for the word and the space before it, so that decoding gives the text back.
package struct NanoTokenizer: Tokenizer {
    package let special: SpecialTokens
    package let template: Template

    private static let specialNames = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    private static let firstByte = Int32(specialNames.count)
    private static let firstWord = firstByte + 256
    private static let ids = Dictionary(
        uniqueKeysWithValues: words.enumerated().map { ($1, firstWord + Int32($0)) })

    package init(isEncoder: Bool) {
        var special = SpecialTokens()
        (special.pad, special.unk, special.mask) = (0, 1, 4)
        (special.cls, special.sep) = isEncoder ? (2, 3) : (nil, nil)
        (special.bos, special.eos) = isEncoder ? (nil, nil) : (2, 3)
        self.special = special
        template =
            isEncoder
            ? .bert(cls: 2, sep: 3)
            : Template(
                single: [.special(2, segment: 0), .first(segment: 0)],
                pair: [.special(2, segment: 0), .first(segment: 0), .second(segment: 1)])
    }

    package var vocabularySize: Int { Int(Self.firstWord) + Self.words.count }

    package func encode(_ text: String) -> [Int32] {
        var ids: [Int32] = []
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if let id = Self.ids[String(word)] {
                ids.append(id)
            } else {
                ids.append(Self.firstByte + 32)
                ids += word.utf8.map { Self.firstByte + Int32($0) }
            }
        }
        return text.isEmpty ? [] : ids
    }

    package func decode(_ ids: [Int32], skippingSpecialTokens: Bool) -> String {
        var bytes: [UInt8] = []
        for id in ids {
            switch id {
            case ..<Self.firstByte:
                if !skippingSpecialTokens, let name = token(of: id) { bytes += Array(name.utf8) }
            case ..<Self.firstWord: bytes.append(UInt8(id - Self.firstByte))
            default: bytes += Array((token(of: id) ?? "").utf8)
            }
        }
        return String(decoding: bytes.first == 32 ? bytes.dropFirst() : bytes[...], as: UTF8.self)
    }

    package func id(of token: String) -> Int32? {
        if let index = Self.specialNames.firstIndex(of: token) { return Int32(index) }
        return token.hasPrefix(" ") ? Self.ids[String(token.dropFirst())] : nil
    }

    package func token(of id: Int32) -> String? {
        switch id {
        case 0..<Self.firstByte: Self.specialNames[Int(id)]
        case Self.firstByte..<Self.firstWord: String(UnicodeScalar(UInt8(id - Self.firstByte)))
        case Self.firstWord..<Int32(vocabularySize): " " + Self.words[Int(id - Self.firstWord)]
        default: nil
        }
    }

    package func isSpecial(_ id: Int32) -> Bool { (0..<Self.firstByte).contains(id) }

    /// A byte's token is that byte; a word's has the space before it.
    package func tokenBytes(of id: Int32) -> [UInt8] {
        guard (Self.firstByte..<Self.firstWord).contains(id) else { return Array((token(of: id) ?? "").utf8) }
        return [UInt8(id - Self.firstByte)]
    }

    /// Frequent words, and those of the toy sentences.
    private static let words = """
        the a an and or but not no of to in on at for from with by as is are was were be been it this that \
        these those i you he she we they me us them my your his her our their what which who when where why \
        how all any each some more most other only own same so than too very can will just do did does have \
        has had if then there here again once today week out up down over under good bad new old first last \
        long great little positive negative yes no. ham spam label text seemed felt looked turned think \
        thought say honestly end always start soup garden train song window teacher river story coat bread \
        market lamp bridge painter kitchen parcel awful bleak broken dull filthy gloomy rotten sour bright \
        charming cheerful delightful lovely splendid superb warm
        """.split(separator: " ").map(String.init)
}
