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

    package var settings: [(name: String, value: String)] {
        [
            ("r", "\(config.r)"), ("alpha", "\(config.alpha)"), ("dropout", "\(config.dropout)"),
            ("targets", targets.isEmpty ? "auto" : targets.joined(separator: ",")),
        ] + (layers.map { [("layers", $0.description)] } ?? [])
    }

    package func attach(to model: any LanguageModel, seed: UInt64) throws -> [Parameter] {
        let chosen = try TargetSelection(targets, layers: layers).chosen(in: model)
        model.reset()
        for layer in chosen {
            let linear = layer.linear
            linear.adapter =
                layer.thirds.isEmpty
                ? LoRA(
                    path: linear.path, inputs: linear.inputs, outputs: linear.outputs, config: config,
                    seed: seed)
                : ThirdsLoRA(linear, thirds: layer.thirds, config: config, seed: seed)
        }
        return model.adapterParameters
    }
}
