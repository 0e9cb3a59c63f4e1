import JSON

/// What is done about the keys of tokenizer_config.json and special_tokens_map.json, as Transformers 5 does.
enum TokenizerConfigKeys {
    static func check(_ json: JSON, ignoring ignored: Set<String>) throws {
        try config.check(withoutTokens(json), ignoring: ignored)
        for (id, token) in json["added_tokens_decoder"]?.object ?? [:] {
            try flags.check(token, ignoring: ignored, at: "added_tokens_decoder.\(id).")
        }
        try check(tokensOf: json, config.file, ignoring: ignored)
    }

    static func check(map json: JSON, ignoring ignored: Set<String>) throws {
        try map.check(withoutTokens(json), ignoring: ignored)
        try check(tokensOf: json, map.file, ignoring: ignored)
    }

    private static func check(tokensOf json: JSON, _ file: String, ignoring ignored: Set<String>) throws {
        for (key, token) in json.object ?? [:] where key.hasSuffix("_token") && token.object != nil {
            try KeyDecisions(file, flags.decisions).check(token, ignoring: ignored, at: "\(key).")
        }
        for key in lists {
            let list = json[key]
            for token in list?.array ?? list?.object?.map(\.value) ?? [] {
                try KeyDecisions(file, flags.decisions).check(token, ignoring: ignored, at: "\(key).")
            }
        }
    }

    /// Transformers takes any text whose key ends so for a special token with that name.
    private static func withoutTokens(_ json: JSON) -> JSON {
        let kept = (json.object ?? [:]).filter { key, value in
            !(key.hasSuffix("_token") && (value.string != nil || value["content"] != nil))
        }
        return .object(JSONObject(kept.map { ($0.key, $0.value) }))
    }

    /// The keys that hold several tokens, as a list or by name.
    static let lists = ["additional_special_tokens", "extra_special_tokens"]

    static let flags = KeyDecisions(
        "tokenizer_config.json",
        [
            "__type": .harmless("says that the object is a token"), "content": .used, "single_word": .used,
            "lstrip": .used, "rstrip": .used, "normalized": .used, "special": .used,
        ])

    private static let tokens: [String: KeyDecision] = [
        "bos_token": .used, "eos_token": .used, "unk_token": .used, "sep_token": .used, "pad_token": .used,
        "cls_token": .used, "mask_token": .used, "additional_special_tokens": .used,
        "extra_special_tokens": .used,
    ]

    static let map = KeyDecisions("special_tokens_map.json", tokens)

    private static let unread = "Transformers does not read it"
    private static let saving = "says where the files came from"
    private static let nothingPadded = "nothing is padded"
    private static let decoding = "texts are not written from tokens where it matters"
    private static let lengths = "max_length says how long texts may be, cut as longest_first"
    private static let prompts = "prompt= says how a text is asked about"

    static let config = KeyDecisions(
        "tokenizer_config.json",
        tokens.merging(
            [
                "tokenizer_class": .used, "added_tokens_decoder": .used, "do_lower_case": .used,
                "strip_accents": .used, "tokenize_chinese_chars": .used, "add_prefix_space": .used,
                "legacy": .used, "add_bos_token": .used, "add_eos_token": .used, "truncation_side": .used,
                "model_input_names": .used, "split_special_tokens": .used,
                "auto_map": .refused("a tokenizer with code of its own is not run"),
                "fast_tokenizer_files": .refused("tokenizer.json is the only version that is read"),
                "init_inputs": .refused("a tokenizer is made from its keys alone"),
                "gguf_file": .refused("the folder's own files are read"),
                "tokenizer_object": .refused("a tokenizer is made from its files"),
                "tokenizer": .refused("a tokenizer is made from its files"),
                "post_processor": .refused("tokenizer.json says it"),
                "tokenizer_padding": .harmless(nothingPadded), "_json_padding": .harmless(nothingPadded),
                "tokenizer_truncation": .refused("tokenizer.json says it"),
                "_json_truncation": .refused("tokenizer.json says it"),
                "_spm_precompiled_charsmap": .refused("tokenizer.json says it"),
                "fix_mistral_regex": .refused("tokenizer.json is taken as it is"),
                "unk_id": .harmless("the vocabulary says it"),
                "model_specific_special_tokens": .refused("such a token has a key of its own"),
                "backend": .only(["tokenizers"], "the tokenizers library's files"),
                "model_max_length": .harmless(lengths), "max_len": .harmless(lengths),
                "max_length": .harmless(lengths), "stride": .harmless(lengths),
                "truncation_strategy": .harmless(lengths),
                "padding_side": .harmless(nothingPadded), "pad_token_type_id": .harmless(nothingPadded),
                "pad_to_multiple_of": .harmless(nothingPadded), "padding": .harmless(nothingPadded),
                "chat_template": .harmless(prompts), "use_default_system_prompt": .harmless(prompts),
                "response_template": .harmless(prompts), "response_schema": .harmless(prompts),
                "chat_control_tokens": .harmless(prompts),
                "clean_up_tokenization_spaces": .harmless(decoding),
                "clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output":
                    .harmless(decoding),
                "spaces_between_special_tokens": .harmless(decoding), "errors": .harmless(decoding),
                "do_basic_tokenize": .harmless(unread), "never_split": .harmless(unread),
                "sp_model_kwargs": .harmless(unread), "use_fast": .harmless(unread),
                "from_slow": .harmless(unread), "trust_remote_code": .harmless(unread),
                "device_map": .harmless(unread), "verbose": .harmless("says what is printed"),
                "slow_tokenizer_class": .harmless(unread), "processor_class": .harmless(unread),
                "vocab": .refused("the vocabulary stands in files"),
                "merges": .refused("the merges stand in files"),
                "vocab_file": .harmless(saving), "merges_file": .harmless(saving),
                "tokenizer_file": .harmless(saving), "special_tokens_map_file": .harmless(saving),
                "name_or_path": .harmless(saving), "is_local": .harmless(saving),
                "local_files_only": .harmless(saving), "files_loaded": .harmless(saving),
                "transformers_version": .harmless(saving), "_commit_hash": .harmless(saving),
            ]
        ) { $1 })
}
