/// The one tokenizer: added tokens, normalizers, pre-tokenizers, a model, a template, decoders.
///
/// The families differ only in the parts; see `TokenizerJSON` and `GGUFTokenizer`, which choose them.
struct PipelineTokenizer: Tokenizer {
    enum Model: Sendable {
        case wordPiece(WordPiece)
        case bytePair(BytePair)

        var vocabulary: Vocabulary {
            switch self {
            case .wordPiece(let model): model.vocabulary
            case .bytePair(let model): model.vocabulary
            }
        }
    }

    let model: Model
    let normalizers: [Normalizer]
    /// What the pre-tokenizer does to a piece of text, after the added tokens have been found.
    let rewriters: [Normalizer]
    let preTokenizers: [PreTokenizer]
    let template: Template
    let decoders: [Decoder]
    let special: SpecialTokens
    var truncationSide = TruncationSide.right
    var tellsSegments = true
    var remarks: [String] = []
    var chatTemplate: String?
    let added: [Int32: AddedToken]
    private let rawTokens: AddedTokens
    private let normalizedTokens: AddedTokens
    /// Those of a template's text: special ones as they are written.
    private let markupTokens: AddedTokens
    /// Those of texts that hold no special ones, before and after they are normalised.
    private let wordTokens: AddedTokens
    private let normalizedWordTokens: AddedTokens

    /// - `splitsSpecial`: whether a special token written out in a text is text like any other.
    init(
        model: Model, normalizers: [Normalizer] = [], rewriters: [Normalizer] = [],
        preTokenizers: [PreTokenizer] = [],
        template: Template = Template(), decoders: [Decoder], added: [AddedToken], special: SpecialTokens,
        splitsSpecial: Bool = false
    ) {
        self.model = model
        self.normalizers = normalizers
        self.rewriters = rewriters
        self.preTokenizers = preTokenizers
        self.template = template
        self.decoders = decoders
        self.special = special
        self.added = Dictionary(added.map { ($0.id, $0) }) { $1 }
        let found = added.filter { !(splitsSpecial && $0.isSpecial) }
        func normalized(_ tokens: [AddedToken]) -> AddedTokens {
            AddedTokens(tokens) { PipelineTokenizer.normalize($0, by: normalizers) }
        }
        rawTokens = AddedTokens(found.filter { !$0.isNormalized })
        normalizedTokens = normalized(found.filter(\.isNormalized))
        markupTokens = AddedTokens(found.filter { !$0.isNormalized || $0.isSpecial })
        let words = found.filter { !$0.isSpecial }
        wordTokens = AddedTokens(words.filter { !$0.isNormalized })
        normalizedWordTokens = normalized(words.filter(\.isNormalized))
    }

    var vocabularySize: Int {
        max(vocabulary.count, added.values.lazy.filter { !$0.isNamedOnly }.map { Int($0.id) + 1 }.max() ?? 0)
    }

    func decode(_ ids: [Int32], skippingSpecialTokens: Bool) -> String {
        var tokens: [[UInt8]] = []
        for id in ids {
            if skippingSpecialTokens, added[id]?.isSpecial == true { continue }
            if let bytes = spelling(of: id) { tokens.append(bytes) }
        }
        let decoded = decoders.reduce(tokens) { $1.decode($0) }
        let separator: [UInt8] = decoders.isEmpty ? [32] : []
        return String(decoding: Array(decoded.joined(separator: separator)), as: UTF8.self)
    }

    func id(of token: String) -> Int32? {
        added.values.first { $0.content.utf8.elementsEqual(token.utf8) }?.id ?? vocabulary.id(of: token)
    }

    func token(of id: Int32) -> String? {
        bytes(of: id).map { String(decoding: $0, as: UTF8.self) }
    }

    var vocabulary: Vocabulary { model.vocabulary }

    /// A token found in normalised text is decoded as it reads there.
    private func spelling(of id: Int32) -> [UInt8]? {
        guard let token = added[id], token.isNormalized else { return bytes(of: id) }
        return PipelineTokenizer.normalize(token, by: normalizers)
    }

    private static func normalize(_ token: AddedToken, by steps: [Normalizer]) -> [UInt8] {
        steps.reduce(Array(token.content.utf8)) { $1.normalize($0, isFirst: true) }
    }

    private func bytes(of id: Int32) -> [UInt8]? {
        added[id].map { Array($0.content.utf8) } ?? vocabulary.bytes(of: id).map(Array.init)
    }
}

// MARK: - Encoding

extension PipelineTokenizer {
    func encode(_ text: String) -> [Int32] {
        let bytes = Array(text.utf8)
        var ids: [Int32] = []
        ids.reserveCapacity(bytes.count / 3 + 8)
        var merger = SymbolMerger()
        rawTokens.split(bytes, 0..<bytes.count) { piece in
            if let id = piece.id {
                ids.append(id)
            } else {
                encodeFragment(bytes, piece.range, into: &ids, merger: &merger)
            }
        }
        return ids
    }

    func encode(runs: [[TextPiece]]) -> [[Int32]] {
        let bytes = runs.joined().flatMap { Array($0.text.utf8) }
        var merger = SymbolMerger()
        var (start, followsText, isFirst) = (0, false, true)
        return runs.map { run in
            var ids: [Int32] = []
            for part in parts(of: run, in: bytes, from: &start) {
                if let id = part.id {
                    ids.append(id)
                } else {
                    encodeFragment(
                        bytes, part.range, into: &ids, merger: &merger, tokens: normalizedWordTokens,
                        isFirst: isFirst, isContinued: followsText)
                }
                (followsText, isFirst) = (part.id == nil, false)
            }
            return ids
        }
    }

    /// The added tokens of a run, and the text between them, which may reach over several pieces.
    private func parts(
        of run: [TextPiece], in bytes: [UInt8], from start: inout Int
    ) -> [AddedTokens.Piece] {
        var parts: [AddedTokens.Piece] = []
        func add(_ part: AddedTokens.Piece) {
            guard part.id == nil, let last = parts.last, last.id == nil else { return parts.append(part) }
            parts[parts.count - 1] = .init(
                range: last.range.lowerBound..<part.range.upperBound, id: nil)
        }
        for piece in run {
            let range = start..<start + piece.text.utf8.count
            start = range.upperBound
            switch piece {
            case .token(let id): add(.init(range: range, id: id))
            case .markup: markupTokens.split(bytes, range, add)
            case .words: wordTokens.split(bytes, range, add)
            }
        }
        return parts
    }

    /// Encodes what lies between two added tokens.
    ///
    /// - `tokens`: what is looked for once it is normalised; `isFirst`: whether nothing stands before it, nil where its place
    ///   says so; `isContinued`: whether it goes on with text of an earlier
    ///   fragment, so that no space is put before it.
    private func encodeFragment(
        _ bytes: [UInt8], _ range: Range<Int>, into ids: inout [Int32], merger: inout SymbolMerger,
        tokens: AddedTokens? = nil, isFirst: Bool? = nil, isContinued: Bool = false
    ) {
        func steps(_ all: [Normalizer]) -> [Normalizer] {
            isContinued ? all.compactMap(\.continued) : all
        }
        let isFirst = isFirst ?? (range.lowerBound == 0)
        let (text, range) = PipelineTokenizer.apply(steps(normalizers), bytes, range, isFirst: isFirst)
        (tokens ?? normalizedTokens).split(text, range) { piece in
            if let id = piece.id {
                ids.append(id)
                return
            }
            let startsText = isFirst && piece.range.lowerBound == range.lowerBound
            let (text, range) = PipelineTokenizer.apply(
                steps(rewriters), text, piece.range, isFirst: startsText)
            PreTokenizer.split(text, range, by: preTokenizers[...]) { word in
                switch model {
                case .wordPiece(let model): model.encode(text, word, into: &ids)
                case .bytePair(let model): model.encode(text, word, into: &ids, merger: &merger)
                }
            }
        }
    }

    private static func apply(
        _ steps: [Normalizer], _ bytes: [UInt8], _ range: Range<Int>, isFirst: Bool
    ) -> (text: [UInt8], range: Range<Int>) {
        guard !steps.isEmpty else { return (bytes, range) }
        var text = range.count == bytes.count ? bytes : Array(bytes[range])
        // Replacements that double the text again and again, as a hostile file may ask for, end here.
        let most = 64 * range.count + 4096
        for step in steps where text.count <= most { text = step.normalize(text, isFirst: isFirst) }
        return (text, 0..<text.count)
    }
}
