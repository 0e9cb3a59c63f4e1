import Learning
import Models

/// LoRA on the layers that `targets` and `layers` name.
package struct LowRankMethod: Method {
    static let verb = "lora"

    package static let declaration = MethodDeclaration(
        verb, title: "LoRA", summary: "tunes thin corrections of rank r beside frozen weights",
        details: "A layer `W·x` becomes `W·x + alpha/r · B(A·x)`; only A, B and the classifier are trained.",
        settings: [
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
                "init", "how A begins; B is zero, so that nothing changes at first",
                .choice([
                    .init("kaiming", "uniform within ±1/√inputs, PEFT's default", aliases: ["true"]),
                    .init("gaussian", "normal with deviation 1/r"), .init("normal", "standard normal"),
                ]), usual: .word("kaiming"), aliases: ["init_lora_weights"]),
            MethodDeclaration.seed,
        ],
        rate: UsualRate(1e-3, (.writing, 5e-4)),
        examples: [
            .init("lora r=8 alpha=16 dropout=0.1", "the usual size"),
            .init("lora r=4 targets=q,v layers=last:1", "only the last block"),
            .init("lora lora_alpha=32 target_modules=(query key value)", "in PEFT's words"),
        ],
        foreign: foreign)

    package static var peft: (any PEFTFormat.Type)? { LoRAFormat.self }

    package let values: SettingValues
    private let config: LoRAConfig
    private let targets: TargetSelection

    package init(_ values: SettingValues) throws {
        self.values = values
        var config = LoRAConfig()
        config.r = values.count("r") ?? config.r
        config.alpha = values.single("alpha")
        config.dropout = values.single("dropout")
        config.usesRankStabilisation = values.flag("rslora")
        config.initialisation =
            values.word("init").flatMap(LoRAConfig.Initialisation.init) ?? config.initialisation
        self.config = config
        targets = try TargetSelection(values)
    }

    package func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        let hooks = try targets.chosen(in: model).map { layer -> (String, any LowRankHook) in
            let linear = layer.linear
            let hook: any LowRankHook =
                layer.thirds.isEmpty
                ? LoRA(
                    path: linear.path, inputs: linear.inputs, outputs: linear.outputs, config: config,
                    seed: seed)
                : ThirdsLoRA(linear, thirds: layer.thirds, config: config, seed: seed)
            return (linear.path, hook)
        }
        var tuning = Tuning(reach: model.reach(of: hooks.map(\.0)))
        tuning.groups = [ParameterGroup(hooks.flatMap { $1.parameters })]
        for (path, hook) in hooks { tuning.linears[path] = hook }
        return tuning
    }
}
