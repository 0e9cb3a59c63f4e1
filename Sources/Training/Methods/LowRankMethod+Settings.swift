import Learning

extension LowRankMethod {
    /// In PEFT's words.
    static let lowRankSettings: [SettingDeclaration] = [
        SettingDeclaration(
            "r", "rank of the update", .count(1...256), usual: .count(8),
            aliases: ["rank", "lora_r", "lora_rank"]),
        SettingDeclaration(
            "alpha", "scale: alpha / r multiplies the update",
            .number(from: 0, to: 4096, isOpen: true), usual: .number(16), aliases: ["lora_alpha"]),
        SettingDeclaration(
            "dropout", "share of the update's inputs left out in training", .number(from: 0, to: 0.95),
            usual: .number(0.05), aliases: ["lora_dropout"]),
        .targets(usually: "query and value, as PEFT has it"),
        .layers,
        SettingDeclaration(
            "rslora", "divide alpha by the root of r instead of r", .flag, usual: .flag(false),
            aliases: ["use_rslora"]),
        SettingDeclaration(
            "dora", "train a length for each output beside the direction (DoRA)", .flag, usual: .flag(false),
            aliases: ["use_dora"]),
        SettingDeclaration(
            "init", "how A and B begin; the model's outputs begin as the base's whatever it is",
            .choice([
                .init("kaiming", "A uniform within ±1/√inputs, PEFT's default; B zero", aliases: ["true"]),
                .init("gaussian", "A normal with deviation 1/r; B zero"),
                .init("normal", "A standard normal, as in the LLaMA-2 on IMDB paper; B zero"),
                .init("pissa", "the weight's largest singular values; the base is lessened by them"),
                .init("olora", "the weight's first columns, orthonormal; the base is lessened by them"),
            ]), usual: .word("kaiming"), aliases: ["init_lora_weights"]),
        SettingDeclaration(
            "bias", "which biases of the base are trained too",
            .choice([
                .init("none", "none"), .init("all", "every bias of the model"),
                .init("lora_only", "those of the layers that are changed"),
            ]), usual: .word("none")),
        SettingDeclaration(
            "loraplus", "how many times lr is B's rate (LoRA+; its authors use 2 to 16)",
            .number(from: 0, to: 1024, isOpen: true), otherwise: "A and B learn alike",
            aliases: ["loraplus_lr_ratio", "lora_plus"]),
        SettingDeclaration(
            "rank_pattern", "other ranks for some of the layers: q:16,layers.0.self_attn.v_proj:4", .perLayer,
            otherwise: "r for all", foreignDefaults: ["rank_pattern": "{}"]),
        SettingDeclaration(
            "alpha_pattern", "other alphas for some of the layers: q:32", .perLayer,
            otherwise: "alpha for all", foreignDefaults: ["alpha_pattern": "{}"]),
        SettingDeclaration(
            "tokens", "train the rows of these tokens too, by number or as written: '<|user|>',50257",
            .tokens,
            otherwise: "no rows", aliases: ["trainable_token_indices"],
            foreignDefaults: ["trainable_token_indices": "none"]),
        MethodDeclaration.seed,
    ]
}
