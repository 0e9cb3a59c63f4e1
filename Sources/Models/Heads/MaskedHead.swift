import Compute
import Learning

/// BERT's masked language head: dense, activation, norm, then the word table and a bias.
package final class MaskedHead: Sendable {
    private let transform: Linear
    private let norm: LayerNorm
    private let decoder: Linear

    static let decoderPath = "cls.predictions.decoder"

    /// The words' own numbers, or the embeddings'.
    var table: Parameter { decoder.weight }

    /// Nil when the checkpoint has no such head.
    ///
    /// Its weight is the words' table where the configuration ties them and the file has no other; its bias is
    /// in the file under one name or two, and the decoder's wins, as in Transformers 5.
    init?(_ config: inout ModelConfig, _ store: ParameterStore, words: Parameter) throws {
        let path = "cls.predictions"
        let (weight, bias) = ("\(Self.decoderPath).weight", "\(Self.decoderPath).bias")
        config.tiesHead = config.tiesHead && (!store.isStored(weight) || store.isSame(weight, as: words.name))
        guard store.has("\(path).transform.dense.weight"), store.has("\(path).bias") || store.has(bias),
            config.tiesHead || store.has(weight)
        else { return nil }
        transform = try store.linear(
            "\(path).transform.dense", inputs: config.width, outputs: config.width, bias: true,
            isOfBlock: false)
        norm = try store.layerNorm(
            "\(path).transform.LayerNorm", width: config.width, epsilon: config.normEpsilon)
        let table =
            config.tiesHead ? words : try store.parameter(weight, [config.vocabulary, config.width])
        let isOwn = store.isStored(bias) && !store.isSame(bias, as: "\(path).bias")
        decoder = Linear(
            path: Self.decoderPath, weight: table,
            bias: try store.parameter(isOwn ? bias : "\(path).bias", [config.vocabulary], as: .vector))
    }

    func logits(_ h: Tensor, _ pass: Pass, activation: Activation) throws -> Tensor {
        try decoder(norm(pass.activate(try transform(h, pass), activation), pass), pass)
    }
}
