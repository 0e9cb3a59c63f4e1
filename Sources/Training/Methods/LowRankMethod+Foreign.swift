import Learning

extension LowRankMethod {
    /// What stands in PEFT's LoraConfig beside the settings that we have.
    static let foreign: [ForeignSetting] =
        ForeignSetting.peft(verb: verb)
        + ForeignSetting.passedOver(
            "tensors are made where they are used", "low_cpu_mem_usage", "runtime_config",
            "ephemeral_gpu_offload", "autocast_adapter_dtype", "megatron_config", "megatron_core")
        + [
            ForeignSetting("lora_bias", "B has no bias", accepted: ForeignSetting.off)
        ]
        + [
            ForeignSetting(
                "use_qalora", "LoRA is there, with dora=yes and rslora=yes", accepted: ForeignSetting.off)
        ]
        + [
            ("layers_pattern", "layers counts the blocks"),
            ("target_parameters", "targets names the layers"),
            ("layer_replication", "the model keeps its layers"),
            ("loftq_config", "A and B begin as init says"), ("eva_config", "A and B begin as init says"),
            ("corda_config", "A and B begin as init says"),
        ].map { ForeignSetting($0, $1, accepted: ForeignSetting.none) }
}
