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
            let merges = value("merges")?.array, let steps = Self.steps[value("pre")?.string ?? "default"]
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
        let beginning = value("add_bos_token")?.bool ?? ignoresMerges ? token("bos") : .null
        tokenizer = [
            "version": "1.0", "truncation": nil, "padding": nil, "added_tokens": .array(added),
            "normalizer": nil,
            "pre_tokenizer": ["type": "Sequence", "pretokenizers": steps],
            "post_processor": Self.template(beginning, id: value("bos_token_id") ?? 0),
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
        if let length = metadata["llama.context_length"] { config["model_max_length"] = length }
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

    private static func template(_ beginning: JSON, id: JSON) -> JSON {
        guard let token = beginning.string else { return .null }
        let special: JSON = ["SpecialToken": ["id": .string(token), "type_id": 0]]
        let text: JSON = ["Sequence": ["id": "A", "type_id": 0]]
        let second: JSON = ["Sequence": ["id": "B", "type_id": 1]]
        return [
            "type": "TemplateProcessing", "single": [special, text],
            "pair": [special, text, special, second],
            "special_tokens": .object([
                token: ["id": .string(token), "ids": [id], "tokens": [.string(token)]]
            ]),
        ]
    }
}
