import JSON

/// tokenizer.json and tokenizer_config.json made from what a GGUF file carries.
///
/// Byte-level BPE alone: `gpt2`, and its variants that take every digit by itself or LLaMA 3's words.
struct GGUFTokenizerFiles {
    let tokenizer: JSON
    let config: JSON

    /// nil for other kinds.
    init?(_ metadata: JSON) {
        func value(_ key: String) -> JSON? { metadata["tokenizer.ggml.\(key)"] }
        guard value("model")?.string == "gpt2", let tokens = value("tokens")?.array,
            let merges = value("merges")?.array, let steps = Self.steps[value("pre")?.string ?? "default"],
            // A space before the first word belongs to the first step alone, whichever that is.
            value("add_space_prefix")?.bool != true
        else { return nil }
        let kinds = value("token_type")?.array ?? []
        var vocabulary = JSONObject()
        var added: [JSON] = []
        for (id, token) in tokens.enumerated() {
            vocabulary[token.string ?? ""] = .integer(id)
            // 3 is a control token, 4 one that a user defined.
            guard kinds.indices.contains(id), let kind = kinds[id].integer, kind == 3 || kind == 4 else {
                continue
            }
            added.append([
                "id": .integer(id), "content": token, "single_word": false, "lstrip": false, "rstrip": false,
                "normalized": false, "special": .bool(kind == 3),
            ])
        }
        func token(_ name: String) -> JSON {
            value("\(name)_token_id")?.integer.flatMap { tokens.indices.contains($0) ? tokens[$0] : nil }
                ?? .null
        }
        let ignoresMerges = Self.ignoresMerges(value("pre")?.string)
        let begins = value("add_bos_token")?.bool ?? ignoresMerges
        let ends = value("add_eos_token")?.bool ?? false
        func part(_ name: String, _ isWanted: Bool) -> SpecialPart? {
            guard isWanted, let text = token(name).string, let id = value("\(name)_token_id") else {
                return nil
            }
            return SpecialPart(text: text, id: id)
        }
        tokenizer = [
            "version": "1.0", "truncation": nil, "padding": nil, "added_tokens": .array(added),
            "normalizer": nil,
            "pre_tokenizer": ["type": "Sequence", "pretokenizers": steps],
            "post_processor": Self.template(part("bos", begins), part("eos", ends)),
            "decoder": Self.byteLevel,
            "model": [
                "type": "BPE", "dropout": nil, "unk_token": nil, "continuing_subword_prefix": nil,
                "end_of_word_suffix": nil, "fuse_unk": false, "byte_fallback": false,
                "ignore_merges": .bool(ignoresMerges), "vocab": .object(vocabulary), "merges": .array(merges),
            ],
        ]
        var config: JSONObject = [
            "tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": false,
            "add_prefix_space": false, "bos_token": token("bos"), "eos_token": token("eos"),
            "unk_token": token("unknown"), "pad_token": token("padding"),
        ]
        for (key, value) in config where value.isNull { config[key] = nil }
        let architecture = metadata["general.architecture"]?.string ?? ""
        if let length = metadata["\(architecture).context_length"] { config["model_max_length"] = length }
        if let template = metadata["tokenizer.chat_template"] { config["chat_template"] = template }
        self.config = .object(config)
    }

    private static func ignoresMerges(_ family: String?) -> Bool {
        family == "llama-bpe" || family == "llama3"
    }

    private static let byteLevel: JSON = [
        "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true,
    ]

    private static let singleDigits: JSON = ["type": "Digits", "individual_digits": true]

    /// LLaMA 3's words, then bytes.
    private static let llama3Words: JSON = [
        "type": "Split",
        "pattern": [
            "Regex": .string(
                #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"#
                    + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#)
        ],
        "behavior": "Isolated", "invert": false,
    ]

    private static let plainBytes: JSON = [
        "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false,
    ]

    /// By `tokenizer.ggml.pre`.
    private static let steps: [String: JSON] = [
        "default": [byteLevel], "gpt-2": [byteLevel], "gpt2": [byteLevel],
        "smollm": [singleDigits, byteLevel], "starcoder": [singleDigits, byteLevel],
        "llama-bpe": [llama3Words, plainBytes], "llama3": [llama3Words, plainBytes],
    ]

    /// A special token of the template.
    private struct SpecialPart {
        let text: String
        let id: JSON

        func json(_ segment: Int) -> JSON {
            ["SpecialToken": ["id": .string(text), "type_id": .integer(segment)]]
        }

        var entry: (String, JSON) {
            (text, ["id": .string(text), "ids": [id], "tokens": [.string(text)]])
        }
    }

    private static func template(_ before: SpecialPart?, _ after: SpecialPart?) -> JSON {
        guard before != nil || after != nil else { return .null }
        func around(_ name: String, _ segment: Int) -> [JSON] {
            let text: JSON = ["Sequence": ["id": .string(name), "type_id": .integer(segment)]]
            return [before?.json(segment), text, after?.json(segment)].compactMap { $0 }
        }
        return [
            "type": "TemplateProcessing", "single": .array(around("A", 0)),
            "pair": .array(around("A", 0) + around("B", 1)),
            "special_tokens": .object(JSONObject([before, after].compactMap { $0?.entry })),
        ]
    }
}
