import JSON

/// What tokenizer_config.json and special_tokens_map.json say, as far as it matters.
struct TokenizerConfig {
    private let sources: [JSON]

    init(_ files: TokenizerFiles) throws {
        sources = try ["tokenizer_config.json", "special_tokens_map.json"]
            .filter(files.has).map(files.json)
    }

    func bool(_ key: String) -> Bool? { sources.lazy.compactMap { $0[key]?.bool }.first }

    /// A special token's text; written plainly or as an object with `content`.
    func token(_ key: String) -> String? {
        sources.lazy.compactMap { $0[key]?.string ?? $0[key]?["content"]?.string }.first
    }

    /// What the files name; where they are silent, the usual names, as far as there are such
    /// tokens. An explicit null means that the model has none.
    ///
    /// - `id`: looks a token up.
    func special(_ id: (String) -> Int32?) -> SpecialTokens {
        func find(_ key: String, _ usual: [String]) -> Int32? {
            if let named = token(key) { return id(named) }
            let isNone = sources.contains { $0[key]?.isNull == true }
            return isNone ? nil : usual.lazy.compactMap(id).first
        }
        var special = SpecialTokens()
        special.bos = find("bos_token", ["<s>", "<|begin_of_text|>", "<|endoftext|>"])
        special.eos = find("eos_token", ["</s>", "<|end_of_text|>", "<|endoftext|>"])
        special.cls = find("cls_token", ["[CLS]"])
        special.sep = find("sep_token", ["[SEP]"])
        special.pad = find("pad_token", ["[PAD]", "<pad>"])
        special.unk = find("unk_token", ["[UNK]", "<unk>", "<|endoftext|>"])
        special.mask = find("mask_token", ["[MASK]", "<mask>"])
        return special
    }
}
