import Diagnostics
import JSON

/// Reads `tokenizer.json`, as the class does that its folder names.
///
/// Its own `truncation` and `padding` are left alone but for the side: whoever trains decides.
struct TokenizerJSON {
    private let json: JSON
    private let config: TokenizerConfig
    private let kind: TokenizerClass?
    private let file: String
    private let ignored: Set<String>

    init(json: JSON, config: TokenizerConfig, ignoring ignored: Set<String> = []) throws {
        let parts = ["normalizer", "pre_tokenizer", "post_processor", "decoder"]
        let isByteLevel = parts.contains { json[$0]?.text().contains("\"ByteLevel\"") ?? false }
        self.init(
            json: json, config: config, kind: try TokenizerClass(config, isByteLevel: isByteLevel),
            file: "tokenizer.json", ignoring: ignored)
    }

    /// - `file`: where the vocabulary stands, for messages.
    init(
        json: JSON, config: TokenizerConfig, kind: TokenizerClass?, file: String,
        ignoring ignored: Set<String> = []
    ) {
        self.json = json
        self.config = config
        self.kind = kind
        self.file = file
        self.ignored = ignored
    }

    func tokenizer() throws -> PipelineTokenizer {
        guard json["model"]?.object != nil else { throw badTokenizer("\(file) has no model") }
        let made = try kind?.rebuilt(json, config) ?? json
        var parts = made.object ?? [:]
        for key in ignored where key != "model" { parts[key] = nil }
        let source = json
        let json = JSON.object(parts)
        try TokenizerJSONKeys.check(json, ignoring: ignored)
        let cutting = try PreTokenizerReading(json["pre_tokenizer"])
        let normalizers = try NormalizerReading.steps(json["normalizer"])
        let model = try model(json["model"] ?? .null, isByteLevel: cutting.isByteLevel)
        let added = try addedTokens(model.vocabulary)
        let special = config.special(kind) { token in
            added.first { $0.content.utf8.elementsEqual(token.utf8) }.map { $0.isNamedOnly ? nil : $0.id }
                ?? model.vocabulary.id(of: token)
        }
        let template = try template(json["post_processor"], special)
        for id in template.specials
        where model.vocabulary.bytes(of: id) == nil && !added.contains(where: { $0.id == id }) {
            throw badTokenizer("\(file): the template names the token \(id), which there is not")
        }
        var tokenizer = PipelineTokenizer(
            model: model, normalizers: normalizers, rewriters: cutting.rewriters,
            preTokenizers: cutting.steps,
            template: template, decoders: try DecoderReading.steps(json["decoder"]), added: added,
            special: special, splitsSpecial: config.bool("split_special_tokens") ?? false)
        tokenizer.truncationSide = config.truncationSide(json["truncation"])
        tokenizer.tellsSegments = config.tellsSegments(kind)
        tokenizer.chatTemplate = config.chatTemplate
        if let kind, kind != .fast, file == "tokenizer.json" {
            let passed = PassedOverParts(
                of: source, made: made, by: kind, template: kind == .bert ? template : nil)
            tokenizer.remarks = passed.remark.map { [$0] } ?? []
        }
        return tokenizer
    }

    /// The file's own tokens, unless its class makes them anew, and those that are named beside it.
    private func addedTokens(_ vocabulary: Vocabulary) throws -> [AddedToken] {
        let own = try (json["added_tokens"]?.array ?? []).map { entry in
            guard let id = entry["id"]?.integer.flatMap(Int32.init(exactly:)),
                (0...AddedToken.highestID).contains(id),
                entry["content"]?.string != nil
            else {
                throw badTokenizer("\(file): the added token \(entry.text().briefly) has no id or content")
            }
            return try AddedToken(entry, id: id, in: file)
        }
        var added = kind == nil || kind == .fast ? own : []
        for token in try config.added(own, kind) { added.add(token, vocabulary) }
        return added
    }

    private func template(_ json: JSON?, _ special: SpecialTokens) throws -> Template {
        if kind == .bert {
            guard let cls = special.cls, let sep = special.sep else {
                throw badTokenizer(
                    "\(file) has no \(config.token(special.cls == nil ? "cls_token" : "sep_token", of: kind) ?? "[SEP]")"
                )
            }
            return .bert(cls: cls, sep: sep)
        }
        // Beside tokenizer.json, whose template says it already, nobody looks at these two.
        guard file == "tokenizer.json" else {
            return .surrounding(
                bos: config.bool("add_bos_token") ?? false ? special.bos : nil,
                eos: config.bool("add_eos_token") ?? false ? special.eos : nil)
        }
        return try TemplateReading.template(json)
    }

    private func model(_ model: JSON, isByteLevel: Bool) throws -> PipelineTokenizer.Model {
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
            throw badTokenizer("\(file) has no \(name.briefly), the unknown token")
        }
        let prefix = model["continuing_subword_prefix"]?.string ?? "##"
        return WordPiece(
            vocabulary: vocabulary, prefix: Array(prefix.utf8), unknown: unknown,
            longestWord: max(1, model["max_input_chars_per_word"]?.integer ?? 100))
    }

    private func bytePair(_ model: JSON, isByteLevel: Bool) throws -> BytePair {
        let vocabulary = try VocabularyReading.vocabulary(model["vocab"], in: file)
        let merges = try VocabularyReading.merges(model["merges"]?.array ?? [], vocabulary, in: file)
        let fallback = model["byte_fallback"]?.bool ?? false
        let symbols =
            isByteLevel
            ? BytePair.byteSymbols(of: vocabulary)
            : BytePair.characterSymbols(of: vocabulary, fallback: fallback)
        if isByteLevel, fallback, case .bytes(let ids) = symbols, ids.contains(where: { $0 < 0 }) {
            throw unsupportedTokenizer(
                "byte_fallback", "of a byte-level model without all bytes", supported: "false")
        }
        return BytePair(
            vocabulary: vocabulary, merges: merges, symbols: symbols,
            unknown: model["unk_token"]?.string.flatMap(vocabulary.id),
            fusesUnknown: model["fuse_unk"]?.bool ?? false,
            ignoresMerges: model["ignore_merges"]?.bool ?? false)
    }
}
