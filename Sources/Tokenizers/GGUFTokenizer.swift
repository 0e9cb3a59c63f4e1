import Diagnostics
import JSON

/// Reads the tokenizer that a GGUF file carries: byte-level BPE (`gpt2`) or SentencePiece-style
/// BPE (`llama`).
struct GGUFTokenizer {
    let metadata: JSON
    /// Keys that the person goes on without.
    var ignored: Set<String> = []

    private enum TokenType: Int {
        case normal = 1
        case unknown, control, userDefined, unused, byte
    }

    func tokenizer() throws -> PipelineTokenizer {
        guard let model = value("model")?.string else {
            throw Diagnostic("no-tokenizer", "the GGUF file carries no tokenizer (tokenizer.ggml.model)")
        }
        try GGUFTokenizerKeys.check(metadata, ignoring: ignored)
        guard let list = value("tokens")?.array, !list.isEmpty else {
            throw badTokenizer("tokenizer.ggml.tokens is no list of tokens")
        }
        let tokens = list.map { Array(($0.string ?? "").utf8) }
        var tokenizer: PipelineTokenizer
        switch model {
        case "gpt2": tokenizer = try byteLevel(tokens)
        case "llama": tokenizer = try sentencePiece(tokens)
        default: throw unsupportedTokenizer("tokenizer.ggml.model", model.briefly, supported: "gpt2, llama")
        }
        tokenizer.chatTemplate = metadata["tokenizer.chat_template"]?.string
        return tokenizer
    }

    private func value(_ key: String) -> JSON? {
        let key = "tokenizer.ggml.\(key)"
        return ignored.contains(key) ? nil : metadata[key]
    }

    private func byteLevel(_ tokens: [[UInt8]]) throws -> PipelineTokenizer {
        let vocabulary = VocabularyReading.vocabulary(tokens)
        guard let list = value("merges")?.array else {
            throw badTokenizer("tokenizer.ggml.merges is no list of merges")
        }
        let merges = try VocabularyReading.merges(list, vocabulary, in: "tokenizer.ggml.merges")
        let family = try GGUFPreTokenizer(named: value("pre")?.string ?? "default")
        var model = BytePair(
            vocabulary: vocabulary, merges: merges, symbols: BytePair.byteSymbols(of: vocabulary))
        model.ignoresMerges = family.ignoresMerges
        let special = special(in: tokens)
        let needsSpace = value("add_space_prefix")?.bool ?? false
        return PipelineTokenizer(
            model: .bytePair(model), rewriters: needsSpace ? [.spacePrefix] : [],
            preTokenizers: family.steps, template: template(special, addsBOS: family.addsBOS),
            decoders: [.byteLevel], added: added(tokens), special: special)
    }

    /// The merges follow from the scores: any two tokens that together are a token merge, the best
    /// score first.
    private func sentencePiece(_ tokens: [[UInt8]]) throws -> PipelineTokenizer {
        let vocabulary = VocabularyReading.vocabulary(tokens)
        guard let scores = value("scores")?.array?.map({ $0.number ?? -.infinity }),
            scores.count == tokens.count
        else {
            throw badTokenizer("tokenizer.ggml.scores has not one score for each of \(tokens.count) tokens")
        }
        let special = special(in: tokens)
        var model = BytePair(
            vocabulary: vocabulary, merges: ScoredMerges.table(vocabulary, scores, mergeable: isMergeable),
            symbols: BytePair.characterSymbols(of: vocabulary, fallback: true))
        model.unknown = special.unk ?? vocabulary.id(of: "<unk>")
        model.fusesUnknown = true
        let prefixes = value("add_space_prefix")?.bool ?? true
        let prefix: [Normalizer] = prefixes ? [.prepend([32])] : []
        let strip: [Decoder] = prefixes ? [.strip([32], start: 1, end: 0)] : []
        return PipelineTokenizer(
            model: .bytePair(model), normalizers: prefix + [.replace([32], with: Normalizer.metaspace)],
            template: template(special, addsBOS: true),
            decoders: [.replace(Normalizer.metaspace, with: [32]), .byteFallback, .fuse] + strip,
            added: added(tokens), special: special)
    }

    private func type(of id: Int) -> TokenType {
        value("token_type")?[id]?.integer.flatMap(TokenType.init) ?? .normal
    }

    private func isMergeable(_ id: Int32) -> Bool {
        switch type(of: Int(id)) {
        case .normal, .userDefined, .unused: true
        case .unknown, .control, .byte: false
        }
    }

    private func added(_ tokens: [[UInt8]]) -> [AddedToken] {
        tokens.indices.compactMap { id in
            let type = type(of: id)
            guard type == .control || type == .userDefined, !tokens[id].isEmpty else { return nil }
            let content = String(decoding: tokens[id], as: UTF8.self)
            return AddedToken(id: Int32(id), content: content, isSpecial: type == .control)
        }
    }

    private func special(in tokens: [[UInt8]]) -> SpecialTokens {
        func id(_ key: String) -> Int32? {
            guard let id = value("\(key)_token_id")?.integer, tokens.indices.contains(id) else { return nil }
            return Int32(id)
        }
        var special = SpecialTokens()
        special.bos = id("bos")
        special.eos = id("eos")
        special.unk = id("unknown")
        special.pad = id("padding")
        special.cls = id("cls")
        special.sep = id("seperator") ?? id("separator")
        special.mask = id("mask")
        return special
    }

    private func template(_ special: SpecialTokens, addsBOS: Bool) -> Template {
        .surrounding(
            bos: value("add_bos_token")?.bool ?? addsBOS ? special.bos : nil,
            eos: value("add_eos_token")?.bool ?? false ? special.eos : nil)
    }
}
