import Diagnostics
import Learning
import Models
import Tensors

/// (IA)³ on the layers that `targets` and `layers` name (Liu et al. 2022).
package struct IA3Method: Method {
    package static let declaration = MethodDeclaration(
        "ia3",
        summary: "tunes vectors that scale keys, values and feed-forward inputs, beside frozen weights",
        details: """
            A layer `W·x` becomes `l ∘ W·x`, and a feed-forward layer `W·(l ∘ x)`; only the vectors `l`, which begin \
            at 1, and the classifier are trained. On BERT, PEFT's name for the second feed-forward layer, \
            output.dense, is the attention's output too.
            """,
        settings: [
            .targets(usually: "keys, values and the second feed-forward layer, as PEFT has it"),
            SettingDeclaration(
                "feedforward", "which of the targets are scaled at their inputs", .layers,
                otherwise: "the second feed-forward layer, as PEFT has it", isAutomatic: true,
                aliases: ["feedforward_modules"]),
            .layers,
        ],
        rate: UsualRate(5e-3), traits: [.freezesBase],
        examples: [
            .init("ia3", "keys, values and the second feed-forward layer"),
            .init("ia3 targets=q,v,down feedforward=down", "other layers"),
        ],
        foreign: ForeignSetting.passedOver("the verb is the method", "peft_type", "adapter_name")
            + ForeignSetting.passedOver("data and prompt= say what is learned", "task_type", "auto_mapping")
            + ForeignSetting.passedOver(
                "the model is the loaded one", "base_model_name_or_path", "revision", "peft_version")
            + ForeignSetting.passedOver("the layers know how their weights lie", "fan_in_fan_out")
            + [
                ForeignSetting(
                    "init_ia3_weights", "the vectors begin at 1, so that nothing changes at first",
                    accepted: ["true", "yes", "on", "1"]),
                ForeignSetting(
                    "inference_mode", "ia3 attaches vectors to train; open reads an adapter",
                    accepted: ForeignSetting.off),
                ForeignSetting("exclude_modules", "targets names the layers", accepted: ForeignSetting.none),
                ForeignSetting(
                    "modules_to_save", "the classifier is trained and saved, other whole layers are not",
                    accepted: ["classifier", "score", "(classifier)", "(score)"] + ForeignSetting.none),
            ])

    package let values: SettingValues

    package init(_ values: SettingValues) throws {
        self.values = values
        _ = try TargetSelection(values)
    }

    package static let peft: (any PEFTFormat.Type)? = IA3Format.self

    /// PEFT's own, by the family's `model_type` (`TRANSFORMERS_MODELS_TO_IA3_TARGET_MODULES_MAPPING`); on BERT,
    /// `output.dense` ends the attention's path too.
    private static let usual: [String: (targets: [String], feedForward: [String])] = [
        "bert": (["key", "value", "output.dense"], ["output.dense"]),
        "gpt2": (["c_attn", "mlp.c_proj"], ["mlp.c_proj"]),
        "llama": (["k_proj", "v_proj", "down_proj"], ["down_proj"]),
    ]

    package func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        let usual = Self.usual[model.config.family] ?? (["k", "v", "down"], ["down"])
        func chosen(_ name: String, _ usual: [String]) throws -> [TargetSelection.Chosen] {
            let names = values.names(name) ?? usual
            let layers = try values.names("layers").map {
                try LayerSelection(parsing: $0.joined(separator: ","))
            }
            return try TargetSelection(names == ["auto"] ? usual : names, layers: layers).chosen(in: model)
        }
        let targets = try chosen("targets", usual.targets)
        if let part = targets.first(where: { !$0.thirds.isEmpty }) {
            throw Diagnostic(
                "unknown-target",
                "ia3 scales a layer's outputs as a whole, and not thirds of \(part.linear.path)",
                about: "targets", hint: "write targets=c_attn")
        }
        let isAsked = values.names("feedforward") != nil
        let feedForward = Set(try chosen("feedforward", usual.feedForward).map(\.linear.path))
        if isAsked, let stranger = feedForward.subtracting(targets.map(\.linear.path)).sorted().first {
            throw Diagnostic(
                "unknown-target", "feedforward names \(stranger), which is none of the targets",
                about: "feedforward", hint: "name it in targets too")
        }
        let hooks = targets.map {
            ($0.linear.path, IA3($0.linear, scalesInputs: feedForward.contains($0.linear.path)))
        }
        var tuning = Tuning(reach: model.reach(of: hooks.map(\.0)))
        tuning.groups = [ParameterGroup(hooks.map(\.1.l))]
        for (path, hook) in hooks { tuning.linears[path] = hook }
        return tuning
    }
}
