import JSON

extension LoRAFormat {
    /// Of PEFT's `LoraConfig` (0.2 to 0.21).
    package static let keys: [String: KeyDecision] = [
        "r": .used, "use_dora": .used, "trainable_token_indices": .used, "lora_alpha": .used,
        "lora_dropout": .used, "use_rslora": .used,
        "layers_to_transform": .used, "layers_pattern": .used, "rank_pattern": .used, "alpha_pattern": .used,
        "ensure_weight_tying": .used, "init_lora_weights": .used,
        "bias": .only(["none", "all", "lora_only"], "none, all and lora_only"),

        "runtime_config": .harmless("where PEFT computes"),
        "megatron_core": .harmless("the name of a module that megatron_config alone would use"),
        "merge_weights": .harmless("when PEFT 0.2 added the change, not which"),
        "qalora_group_size": .harmless("read by use_qalora alone, which is refused"),
        "eva_config": .harmless("how A began; the file has what became of it"),
        "corda_config": .harmless("read by init_lora_weights=corda alone, which is refused"),
        "lora_ga_config": .harmless("read by init_lora_weights=lora_ga alone, which is refused"),
        "loftq_config": .harmless("read by init_lora_weights=loftq alone, which is refused"),

        "use_qalora": plainOnly, "use_bdlora": plainOnly, "lora_bias": plainOnly,
        "velora_config": plainOnly, "monteclora_config": plainOnly, "kasa_config": plainOnly,
        "arrow_config": plainOnly, "alora_invocation_tokens": plainOnly, "enable_lora": plainOnly,
        "megatron_config": plainOnly,
        "layer_replication": .refused("every block once"),
        "target_parameters": .refused("layers by target_modules"),
    ]

    private static let plainOnly = KeyDecision.refused("plain LoRA")

    package static let parts = [
        "runtime_config": ["ephemeral_gpu_offload"],
        "eva_config": [
            "rho", "tau", "use_label_mask", "label_mask_value", "whiten", "adjust_scaling_factors",
        ],
        "corda_config": [
            "cache_file", "covariance_file", "corda_method", "verbose", "use_float16_for_covariance",
            "prune_temporary_fields",
        ],
        "lora_ga_config": ["direction", "scale", "stable_gamma"],
        "loftq_config": ["loftq_bits", "loftq_iter"],
    ]
}
