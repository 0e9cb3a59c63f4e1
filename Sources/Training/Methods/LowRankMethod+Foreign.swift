import Learning

extension LowRankMethod {
    /// What stands in PEFT's LoraConfig beside the settings that we have.
    static let foreign: [ForeignSetting] =
        [
            ForeignSetting.passedOver("data and prompt= say what is learned", "task_type", "auto_mapping"),
            ForeignSetting.passedOver("the verb is the method", "peft_type", "adapter_name"),
            ForeignSetting.passedOver(
                "the model is the loaded one", "base_model_name_or_path", "revision", "parent_library",
                "peft_version"),
            ForeignSetting.passedOver("the layers know how their weights lie", "fan_in_fan_out"),
            ForeignSetting.passedOver(
                "tensors are made where they are used", "low_cpu_mem_usage", "runtime_config",
                "ephemeral_gpu_offload", "autocast_adapter_dtype", "megatron_config", "megatron_core"),
        ].flatMap(\.self) + [
            ForeignSetting(
                "inference_mode", "lora attaches an adapter to train; open reads one",
                accepted: ForeignSetting.off),
            ForeignSetting("bias", "biases stay as they are", accepted: ["none"]),
            ForeignSetting("lora_bias", "B has no bias", accepted: ForeignSetting.off),
            ForeignSetting(
                "modules_to_save", "the classifier is trained and saved, other whole layers are not",
                accepted: ["classifier", "score", "(classifier)", "(score)"] + ForeignSetting.none),
        ]
        + ["use_dora", "use_qalora"].map {
            ForeignSetting(
                $0, "LoRA is there, with rslora=yes for rank stabilisation", accepted: ForeignSetting.off)
        }
        + [
            ("rank_pattern", "one r goes for all layers"),
            ("alpha_pattern", "one alpha goes for all layers"),
            ("exclude_modules", "targets names the layers"),
            ("layers_pattern", "layers counts the blocks"),
            ("target_parameters", "targets names the layers"),
            ("layer_replication", "the model keeps its layers"),
            ("trainable_token_indices", "the embeddings stay as they are"),
            ("loftq_config", "A and B begin as init says"), ("eva_config", "A and B begin as init says"),
            ("corda_config", "A and B begin as init says"),
        ].map { ForeignSetting($0, $1, accepted: ForeignSetting.none) }
}
