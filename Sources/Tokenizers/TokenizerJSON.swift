import Diagnostics
import JSON

/// Reads `tokenizer.json`. Its own `truncation` and `padding` are left alone: whoever trains decides.
struct TokenizerJSON {
    let json: JSON
    let config: TokenizerConfig
    private let file = "tokenizer.json"

    init(json: JSON, config: TokenizerConfig) {
        self.json = json
        self.config = config
    }

    func tokenizer() throws -> PipelineTokenizer {
        let added = try addedTokens()
        let parts = try PreTokenizerReading(json["pre_tokenizer"])
        let normalizers = try NormalizerReading.steps(json["normalizer"])
        let model = try model(isByteLevel: parts.isByteLevel)
        let vocabulary =
            switch model {
            case .wordPiece(let model): model.vocabulary
            case .bytePair(let model): model.vocabulary
            }
        let special = config.special { token in
            added.first { $0.content.utf8.elementsEqual(token.utf8) }?.id ?? vocabulary.id(of: token)
        }
        let template = try TemplateReading.template(json["post_processor"])
        for id in template.specials
        where vocabulary.bytes(of: id) == nil && !added.contains(where: { $0.id == id }) {
            throw badTokenizer("\(file): the template names the token \(id), which there is not")
        }
        return PipelineTokenizer(
            model: model, normalizers: normalizers, rewriters: parts.rewriters,
            preTokenizers: parts.steps,
            template: template,
            decoders: try DecoderReading.steps(json["decoder"]), added: added, special: special)
    }

    private func addedTokens() throws -> [AddedToken] {
        try (json["added_tokens"]?.array ?? []).map { entry in
            guard let id = entry["id"]?.integer, let id = Int32(exactly: id), id >= 0,
                let content = entry["content"]?.string
            else {
                throw badTokenizer("\(file): the added token \(entry.text().briefly) has no id or content")
            }
            return AddedToken(
                id: id, content: content, isSpecial: entry["special"]?.bool ?? false,
                isNormalized: entry["normalized"]?.bool ?? !(entry["special"]?.bool ?? false),
                isSingleWord: entry["single_word"]?.bool ?? false,
                stripsLeft: entry["lstrip"]?.bool ?? false, stripsRight: entry["rstrip"]?.bool ?? false)
        }
    }

    private func model(isByteLevel: Bool) throws -> PipelineTokenizer.Model {
        guard let model = json["model"], model.object != nil else {
            throw badTokenizer("\(file) has no model")
        }
        let type = model["type"]?.string ?? (model["merges"] == nil ? "WordPiece" : "BPE")
        switch type {
        case "WordPiece": return .wordPiece(try wordPiece(model))
        case "BPE": return .bytePair(try bytePair(model, isByteLevel: isByteLevel))
        default: throw unsupportedTokenizer("model", type.briefly, supported: "BPE, WordPiece")
        }
    }

    private func wordPiece(_ model: JSON) throws -> WordPiece {
        let vocabulary = try VocabularyReading.vocabulary(model["vocab"], in: file)
        let name = model["unk_token"]?.string ?? "[UNK]"
        guard let unknown = vocabulary.id(of: name) else {
            throw badTokenizer("\(file): the vocabulary has no unknown token \(name.briefly)")
        }
        let prefix = model["continuing_subword_prefix"]?.string ?? "##"
        return WordPiece(
            vocabulary: vocabulary, prefix: Array(prefix.utf8), unknown: unknown,
            longestWord: max(1, model["max_input_chars_per_word"]?.integer ?? 100))
    }

    private func bytePair(_ model: JSON, isByteLevel: Bool) throws -> BytePair {
        for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let found = model[key]?.string, !found.isEmpty {
                throw unsupportedTokenizer(key, found.briefly, supported: "none")
            }
        }
        let vocabulary = try VocabularyReading.vocabulary(model["vocab"], in: file)
        let merges = try VocabularyReading.merges(model["merges"]?.array ?? [], vocabulary, in: file)
        let fallback = model["byte_fallback"]?.bool ?? false
        return BytePair(
            vocabulary: vocabulary, merges: merges,
            symbols: isByteLevel
                ? BytePair.byteSymbols(of: vocabulary)
                : BytePair.characterSymbols(of: vocabulary, fallback: fallback),
            unknown: model["unk_token"]?.string.flatMap(vocabulary.id),
            fusesUnknown: model["fuse_unk"]?.bool ?? false,
            ignoresMerges: model["ignore_merges"]?.bool ?? false)
    }
}
