import JSON

/// What is done about the keys of tokenizer.json: of the file, and of each kind of part that is read.
///
/// A kind that does not stand here is refused by name where the part is read.
enum TokenizerJSONKeys {
    /// The parts, by the key that holds them.
    enum Part: String, CaseIterable {
        case normalizer
        case preTokenizer = "pre_tokenizer"
        case model
        case postProcessor = "post_processor"
        case decoder
    }

    static func check(_ json: JSON, ignoring ignored: Set<String>) throws {
        try file.check(json, ignoring: ignored)
        if let truncation = json["truncation"] {
            try self.truncation.check(truncation, ignoring: ignored, at: "truncation.")
        }
        for token in json["added_tokens"]?.array ?? [] {
            try added.check(token, ignoring: ignored, at: "added_tokens.")
        }
        for part in Part.allCases {
            try check(json[part.rawValue], of: part, ignoring: ignored, at: "\(part.rawValue).", depth: 0)
        }
    }

    private static func check(
        _ json: JSON?, of part: Part, ignoring ignored: Set<String>, at place: String, depth: Int
    ) throws {
        // What is nested deeper is refused by the part's own reader.
        guard let json, depth <= 8 else { return }
        let type = json["type"]?.string ?? (json["merges"] == nil ? "WordPiece" : "BPE")
        guard let known = kinds[part]?[type] else { return }
        try KeyDecisions("tokenizer.json", known.merging(["type": .used]) { $1 })
            .check(json, ignoring: ignored, at: place)
        for key in ["normalizers", "pretokenizers", "processors", "decoders"] {
            for step in json[key]?.array ?? [] {
                try check(step, of: part, ignoring: ignored, at: place, depth: depth + 1)
            }
        }
    }

    static let file = KeyDecisions(
        "tokenizer.json",
        [
            "version": .harmless("1.0 is the only one"), "added_tokens": .used, "normalizer": .used,
            "pre_tokenizer": .used, "post_processor": .used, "decoder": .used, "model": .used,
            "truncation": .used, "padding": .harmless("nothing is padded"),
        ])

    private static let lengths = KeyDecision.harmless("max_length says how texts are cut")

    static let truncation = KeyDecisions(
        "tokenizer.json",
        ["direction": .used, "max_length": lengths, "strategy": lengths, "stride": lengths])

    static let added = KeyDecisions(
        "tokenizer.json",
        [
            "id": .used, "content": .used, "single_word": .used, "lstrip": .used, "rstrip": .used,
            "normalized": .used, "special": .used,
        ])

    private static let offsets = KeyDecision.harmless("changes the offsets of tokens, not their ids")

    static let kinds: [Part: [String: [String: KeyDecision]]] = [
        .normalizer: [
            "Sequence": ["normalizers": .used],
            "BertNormalizer": [
                "clean_text": .used, "handle_chinese_chars": .used, "strip_accents": .used,
                "lowercase": .used,
            ],
            "Lowercase": [:], "NFC": [:], "NFD": [:], "NFKC": [:], "NFKD": [:], "StripAccents": [:],
            "Prepend": ["prepend": .used], "Replace": ["pattern": .used, "content": .used],
            "Strip": ["strip_left": .used, "strip_right": .used],
        ],
        .preTokenizer: [
            "Sequence": ["pretokenizers": .used], "BertPreTokenizer": [:], "WhitespaceSplit": [:],
            "ByteLevel": ["add_prefix_space": .used, "use_regex": .used, "trim_offsets": offsets],
            "Digits": ["individual_digits": .used],
            "Metaspace": [
                "replacement": .used, "prepend_scheme": .used, "split": .used, "add_prefix_space": .used,
                "str_rep": .harmless("replacement says the same"),
            ],
            "Punctuation": ["behavior": .used],
            "Split": ["pattern": .used, "behavior": .used, "invert": .used],
        ],
        .model: [
            "BPE": [
                "vocab": .used, "merges": .used, "unk_token": .used, "fuse_unk": .used,
                "byte_fallback": .used, "ignore_merges": .used,
                "dropout": .only([0, 0.0], "merges are never left out"),
                "continuing_subword_prefix": .refused("no prefix"),
                "end_of_word_suffix": .refused("no suffix"),
            ],
            "WordPiece": [
                "vocab": .used, "unk_token": .used, "continuing_subword_prefix": .used,
                "max_input_chars_per_word": .used,
            ],
        ],
        .postProcessor: [
            "Sequence": ["processors": .used],
            "BertProcessing": ["sep": .used, "cls": .used],
            "RobertaProcessing": [
                "sep": .used, "cls": .used, "trim_offsets": offsets, "add_prefix_space": offsets,
            ],
            "ByteLevel": ["add_prefix_space": offsets, "trim_offsets": offsets, "use_regex": offsets],
            "TemplateProcessing": ["single": .used, "pair": .used, "special_tokens": .used],
        ],
        .decoder: [
            "Sequence": ["decoders": .used], "ByteFallback": [:], "Fuse": [:],
            "ByteLevel": [
                "add_prefix_space": .harmless("bytes are bytes"), "trim_offsets": offsets,
                "use_regex": .harmless("bytes are bytes"),
            ],
            "Metaspace": [
                "replacement": .used, "prepend_scheme": .used, "add_prefix_space": .used,
                "split": .harmless("says how texts are cut"),
                "str_rep": .harmless("replacement says the same"),
            ],
            "Replace": ["pattern": .used, "content": .used],
            "Strip": ["content": .used, "start": .used, "stop": .used],
            "WordPiece": ["prefix": .used, "cleanup": .used],
        ],
    ]
}
