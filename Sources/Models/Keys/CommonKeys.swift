import JSON

extension KeyDecisions {
    /// What every config.json of Transformers may hold (`PretrainedConfig`), whatever the family.
    static let pretrained = KeyDecisions(
        "config.json",
        [
            "model_type": .used, "architectures": .used, "tie_word_embeddings": .used, "vocab_size": .used,
            "id2label": .used, "pad_token_id": .used,
            "label2id": .harmless("id2label turned round"),
            "num_labels": .harmless("the classifier's own shape says it"),
            "_num_labels": .harmless("the classifier's own shape says it"),
            "problem_type": .only(
                ["single_label_classification", "regression"],
                "a text has one class or one number; as a base to tune, the old head does not matter"),
            "is_encoder_decoder": .refused("encoders and decoders by themselves"),
            "pruned_heads": .refused("models with all their heads"),
            "quantization_config": .used,
            "per_layer_config": .refused("layers of one shape"),
            "prefix": .refused("no text is put before yours"),
            "cross_attention_hidden_size": .refused("models without cross-attention"),
            "chunk_size_feed_forward": .harmless("memory alone: the sums are the same"),
            "dtype": .harmless("every tensor says its own type, and numbers are computed in f32"),
            "torch_dtype": .harmless("every tensor says its own type, and numbers are computed in f32"),
            "use_bfloat16": .harmless("of TensorFlow's"),
            "tf_legacy_loss": .harmless("of TensorFlow's"),
            "torchscript": .harmless("how PyTorch exports"),
            "tie_encoder_decoder": .harmless("there is no second half to tie"),
            "initializer_range": .harmless("of weights that the files don't hold"),
            "finetuning_task": .harmless("a note"),
            "name_or_path": .harmless("a note"),
            "task_specific_params": .harmless("how pipelines write text"),
        ].merging(notes) { $1 }.merging(writing) { $1 },
        beginning: [
            "unsloth_": .harmless("a note of the program that made it"),
            "transformers.js": .harmless("of another program"),
        ],
        binding: ["quantization_config", "is_encoder_decoder", "pruned_heads", "per_layer_config"])

    /// Who made it, what with, and what PyTorch hands out.
    private static let notes = decisions(
        "of the run and not of the numbers",
        [
            "_name_or_path", "_model_name_or_path", "_commit_hash", "transformers_version", "auto_map",
            "attn_implementation",
            "_attn_implementation_autoset", "_flash_attn_2_enabled", "experts_implementation", "use_cache",
            "output_attentions", "output_hidden_states", "output_past", "return_dict",
            "tie_last_hidden_states",
            "gradient_checkpointing",
        ])

    /// Defaults of text generation, which the reference too leaves out of the model.
    private static let writing = decisions(
        "of writing text, where settings say it",
        [
            "max_length", "max_new_tokens", "min_length", "do_sample", "early_stopping", "num_beams",
            "num_beam_groups", "diversity_penalty", "temperature", "top_k", "top_p", "typical_p",
            "epsilon_cutoff", "eta_cutoff", "repetition_penalty", "encoder_repetition_penalty",
            "length_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "bad_words_ids",
            "num_return_sequences", "output_scores", "return_dict_in_generate", "forced_bos_token_id",
            "forced_eos_token_id", "remove_invalid_values", "exponential_decay_length_penalty",
            "suppress_tokens", "begin_suppress_tokens", "num_assistant_tokens",
            "num_assistant_tokens_schedule",
            "assistant_confidence_threshold", "assistant_lookbehind", "target_lookbehind",
        ]
    ).merging(
        decisions(
            "the tokenizer's files say it",
            [
                "bos_token_id", "eos_token_id", "unk_token_id", "sep_token_id", "decoder_start_token_id",
                "tokenizer_class",
            ])
    ) { $1 }

    /// Many keys that are harmless for one reason.
    static func decisions(_ reason: String, _ keys: [String]) -> [String: KeyDecision] {
        Dictionary(uniqueKeysWithValues: keys.map { ($0, .harmless(reason)) })
    }

    /// Dropout of the base is read for the plan, which says that it stays off.
    static let ownDropout = KeyDecision.harmless("the base's own dropout stays off, and the plan says so")
}
