import JSON

/// What is done about the `tokenizer.*` keys of a GGUF header.
enum GGUFTokenizerKeys {
    static func check(_ metadata: JSON, ignoring ignored: Set<String>) throws {
        let own = (metadata.object ?? [:]).filter {
            $0.key.hasPrefix("tokenizer.") && !$0.key.hasPrefix(templates)
        }
        try header.check(.object(JSONObject(own.map { ($0.key, $0.value) })), ignoring: ignored)
    }

    /// A template of each name has a key of its own.
    static let templates = "tokenizer.chat_template."

    private static let writing = KeyDecision.harmless("nothing is written on with it")
    private static let prompts = KeyDecision.harmless("prompt= says how a text is asked about")

    static let header = KeyDecisions(
        "the GGUF header",
        [
            "tokenizer.ggml.model": .used, "tokenizer.ggml.pre": .used, "tokenizer.ggml.tokens": .used,
            "tokenizer.ggml.token_type": .used, "tokenizer.ggml.scores": .used,
            "tokenizer.ggml.merges": .used, "tokenizer.ggml.bos_token_id": .used,
            "tokenizer.ggml.eos_token_id": .used, "tokenizer.ggml.unknown_token_id": .used,
            "tokenizer.ggml.padding_token_id": .used, "tokenizer.ggml.cls_token_id": .used,
            "tokenizer.ggml.seperator_token_id": .used, "tokenizer.ggml.separator_token_id": .used,
            "tokenizer.ggml.mask_token_id": .used, "tokenizer.ggml.add_bos_token": .used,
            "tokenizer.ggml.add_eos_token": .used, "tokenizer.ggml.add_space_prefix": .used,
            "tokenizer.ggml.add_sep_token": .refused("texts have no token between them"),
            "tokenizer.ggml.remove_extra_whitespaces": .refused("white space stays as it is"),
            "tokenizer.ggml.precompiled_charsmap": .refused("texts are not normalised by a table"),
            "tokenizer.rwkv.world": .refused("byte-level BPE and SentencePiece's BPE"),
            "tokenizer.huggingface.json": .harmless("the other keys say the same"),
            "tokenizer.ggml.token_type_count": .harmless("decoders have one segment"),
            "tokenizer.chat_template": prompts, "tokenizer.chat_templates": prompts,
            "tokenizer.ggml.eot_token_id": .used, "tokenizer.ggml.eom_token_id": .used,
            "tokenizer.ggml.fim_pre_token_id": writing, "tokenizer.ggml.fim_suf_token_id": writing,
            "tokenizer.ggml.fim_mid_token_id": writing, "tokenizer.ggml.fim_pad_token_id": writing,
            "tokenizer.ggml.fim_rep_token_id": writing, "tokenizer.ggml.fim_sep_token_id": writing,
            "tokenizer.ggml.prefix_token_id": writing, "tokenizer.ggml.suffix_token_id": writing,
            "tokenizer.ggml.middle_token_id": writing, "tokenizer.ggml.eot_token": writing,
        ])
}
