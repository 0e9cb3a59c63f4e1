import Learning
import Tensors

/// BERT's masked language head: dense, activation, norm, then the word table and a bias.
package final class MaskedHead: Sendable {
    private let transform: Linear
    private let norm: LayerNorm
    private let decoder: Linear

    /// Nil when the checkpoint has no such head.
    init?(_ config: ModelConfig, _ store: ParameterStore, words: Parameter) throws {
        guard store.has("cls.predictions.transform.dense.weight"), store.has("cls.predictions.bias") else {
            return nil
        }
        transform = try store.linear(
            "cls.predictions.transform.dense", inputs: config.width, outputs: config.width, bias: true)
        norm = try store.layerNorm(
            "cls.predictions.transform.LayerNorm", width: config.width, epsilon: config.normEpsilon)
        let untied = "cls.predictions.decoder.weight"
        let table =
            store.has(untied) && !config.tiesHead
            ? try store.parameter(untied, [config.vocabulary, config.width]) : words
        let bias = try store.parameter("cls.predictions.bias", [config.vocabulary], as: .vector)
        decoder = Linear(path: "cls.predictions.decoder", weight: table, bias: bias)
    }

    func logits(_ h: Tensor, _ pass: Pass, activation: Activation) throws -> Tensor {
        try decoder(norm(pass.activate(try transform(h, pass), activation), pass), pass)
    }
}
