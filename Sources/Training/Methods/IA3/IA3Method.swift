import Compute
import Diagnostics
import Learning
import Models

/// (IA)³ on the layers that `targets` and `layers` name (Liu et al. 2022).
package struct IA3Method: Method {
    private static let verb = "ia3"

    package static let declaration = MethodDeclaration(
        verb, title: "(IA)³",
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
        rate: UsualRate(5e-3),
        examples: [
            .init("ia3", "keys, values and the second feed-forward layer"),
            .init("ia3 targets=q,v,down feedforward=down", "other layers"),
        ],
        foreign: ForeignSetting.peft(verb: verb) + [
            ForeignSetting(
                "init_ia3_weights", "the vectors begin at 1, so that nothing changes at first",
                accepted: ["true", "yes", "on", "1"])
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
        let targets = try TargetSelection(values, usual: usual.targets).chosen(in: model)
        if let part = targets.first(where: { !$0.thirds.isEmpty }) {
            throw Diagnostic(
                "unknown-target",
                "ia3 scales a layer's outputs as a whole, and not thirds of \(part.linear.path)",
                about: "targets", hint: "write targets=c_attn")
        }
        let isAsked = values.names("feedforward") != nil
        let selection = try TargetSelection(values, of: "feedforward", usual: usual.feedForward)
        let feedForward = Set(try selection.chosen(in: model).map(\.linear.path))
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
