import Diagnostics
import Learning
import Models
import Tensors

/// LoRA on the layers that `targets` and `layers` name.
package struct LowRankMethod: TuningMethod {
    package var config: LoRAConfig
    /// Names, suffixes or aliases of layers; empty for the family's default.
    package var targets: [String]
    /// Which blocks; nil for all.
    package var layers: LayerSelection?

    package init(config: LoRAConfig = LoRAConfig(), targets: [String] = [], layers: LayerSelection? = nil) {
        self.config = config
        self.targets = targets
        self.layers = layers
    }

    package var name: String { "lora" }
    package var peft: (any PEFTFormat.Type)? { LoRAFormat.self }

    package var settings: [(name: String, value: String)] {
        [
            ("r", "\(config.r)"), ("alpha", "\(config.alpha)"), ("dropout", "\(config.dropout)"),
            ("targets", targets.isEmpty ? "auto" : targets.joined(separator: ",")),
        ] + (layers.map { [("layers", $0.description)] } ?? [])
    }

    package func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        let chosen = try TargetSelection(targets, layers: layers).chosen(in: model)
        let hooks = chosen.map { layer -> (String, any LowRankHook) in
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
