import JSON

extension KeyDecisions {
    /// Transformers' generation_config.json, for texts that are written one after the other without a search.
    package static let generation = KeyDecisions(
        "generation_config.json",
        chosen.merging(lengths) { $1 }.merging(searches) { $1 }.merging(told) { $1 }
            .merging(running) { $1 })

    /// What ends a text and which tokens it has.
    private static let chosen: [String: KeyDecision] =
        [
            // What ends a text, and how the model's makers draw tokens.
            "eos_token_id": .used, "do_sample": .used, "temperature": .used, "top_k": .used, "top_p": .used,
            "min_p": .used, "repetition_penalty": .used,
            // What would choose other tokens.
            "no_repeat_ngram_size": .only([0], "words may come again, repetition_penalty= holds them down"),
            "bad_words_ids": .refused("every token may be written"),
            "suppress_tokens": .refused("every token may be written"),
            "begin_suppress_tokens": .refused("every token may be written"),
            "sequence_bias": .refused("logits are the model's own"),
            "forced_bos_token_id": .refused("a text begins as the model begins it"),
            "forced_eos_token_id": .refused("a text ends where the model ends it"),
            "exponential_decay_length_penalty": .refused("a text ends where the model ends it"),
            "min_length": .only([0], "a text ends where the model ends it"),
            "min_new_tokens": .only([0], "a text ends where the model ends it"),
            "typical_p": .only([1], "top_p and min_p leave tokens out"),
            "epsilon_cutoff": .only([0], "top_p and min_p leave tokens out"),
            "eta_cutoff": .only([0], "top_p and min_p leave tokens out"),
            "guidance_scale": .only([1], "logits are the model's own"),
            "penalty_alpha": .only([0], "there is no contrastive search"),
            "num_beams": .only([1], "there is no beam search"),
            "num_beam_groups": .only([1], "there is no beam search"),
            "num_return_sequences": .only([1], "n= asks for more texts"),
            "stop_strings": .refused("stop= ends a text before a string"),
        ]

    private static let searches = decisions(
        "of beam search, which there is none of",
        ["length_penalty", "early_stopping", "diversity_penalty", "renormalize_logits"])

    private static let lengths = decisions(
        "max_tokens= says how long a text may be", ["max_length", "max_new_tokens"])

    private static let told = decisions(
        "the tokenizer's files say it", ["bos_token_id", "pad_token_id", "decoder_start_token_id"])

    private static let running = decisions(
        "of the run and not of the tokens",
        [
            "_from_model_config", "transformers_version", "use_cache", "cache_implementation", "cache_config",
            "return_dict_in_generate", "output_attentions", "output_hidden_states", "output_scores",
            "output_logits", "remove_invalid_values", "max_time", "trust_remote_code",
            "prompt_lookup_num_tokens", "num_assistant_tokens", "num_assistant_tokens_schedule",
            "assistant_confidence_threshold", "disable_compile", "low_memory",
        ])
}
