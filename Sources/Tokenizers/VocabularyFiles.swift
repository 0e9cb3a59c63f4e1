import Diagnostics

/// Reads tokenizers that come as plain vocabulary files.
enum VocabularyFiles {
    /// BERT's `vocab.txt`, one token a line.
    ///
    /// Whether case counts is in tokenizer_config.json; without one, a vocabulary with a capital
    /// letter outside its bracketed tokens is cased.
    static func wordPiece(_ files: TokenizerFiles) throws -> PipelineTokenizer {
        let name = "vocab.txt"
        let lines = try files.lines(name).map(Array.init)
        let vocabulary = VocabularyReading.vocabulary(lines)
        let config = try TokenizerConfig(files)
        var special = config.special(vocabulary.id)
        func required(_ token: String) throws -> Int32 {
            guard let id = vocabulary.id(of: token) else { throw badTokenizer("\(name) has no \(token)") }
            return id
        }
        let unknown = try special.unk ?? required("[UNK]")
        let cls = try special.cls ?? required("[CLS]")
        let sep = try special.sep ?? required("[SEP]")
        (special.unk, special.cls, special.sep) = (unknown, cls, sep)
        special.pad = special.pad ?? vocabulary.id(of: "[PAD]")
        special.mask = special.mask ?? vocabulary.id(of: "[MASK]")
        let isCased = lines.contains { $0.first != UInt8(ascii: "[") && $0.contains { 65...90 ~= $0 } }
        let lowercases = config.bool("do_lower_case") ?? !isCased
        let normalizer = BertNormalizer(
            spacesIdeographs: config.bool("tokenize_chinese_chars") ?? true,
            stripsAccents: config.bool("strip_accents") ?? lowercases, lowercases: lowercases)
        let model = WordPiece(
            vocabulary: vocabulary, prefix: Array("##".utf8), unknown: unknown, longestWord: 100)
        return PipelineTokenizer(
            model: .wordPiece(model), normalizers: [.bert(normalizer)], preTokenizers: [.bert],
            template: .bert(cls: cls, sep: sep),
            decoders: [.wordPiece(prefix: Array("##".utf8), cleansUp: true)],
            added: addedTokens(special, vocabulary), special: special)
    }

    /// GPT-2's `vocab.json` and `merges.txt`.
    static func bytePair(_ files: TokenizerFiles) throws -> PipelineTokenizer {
        let vocabulary = try VocabularyReading.vocabulary(files.json("vocab.json"), in: "vocab.json")
        var lines = try files.lines("merges.txt")[...]
        if lines.first?.starts(with: Array("#version".utf8)) == true { lines = lines.dropFirst() }
        let pairs = try lines.filter { !$0.isEmpty }.map { try VocabularyReading.pair($0, "merges.txt") }
        let merges = try VocabularyReading.merges(pairs, vocabulary, in: "merges.txt")
        let config = try TokenizerConfig(files)
        let special = config.special(vocabulary.id)
        let model = BytePair(
            vocabulary: vocabulary, merges: merges, symbols: BytePair.byteSymbols(of: vocabulary))
        let begins = config.bool("add_bos_token") ?? false
        return PipelineTokenizer(
            model: .bytePair(model),
            rewriters: config.bool("add_prefix_space") ?? false ? [.spacePrefix] : [],
            preTokenizers: [.gpt2],
            template: .surrounding(bos: begins ? special.bos : nil, eos: nil), decoders: [.byteLevel],
            added: addedTokens(special, vocabulary), special: special)
    }

    private static func addedTokens(_ special: SpecialTokens, _ vocabulary: Vocabulary) -> [AddedToken] {
        let ids = [
            special.bos, special.eos, special.cls, special.sep, special.pad, special.unk, special.mask,
        ]
        return Set(ids.compactMap { $0 }).sorted().compactMap { id in
            vocabulary.bytes(of: id).map {
                AddedToken(id: id, content: String(decoding: $0, as: UTF8.self))
            }
        }
    }
}
