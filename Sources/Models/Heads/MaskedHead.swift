import Compute
import Learning

/// BERT's masked language head: dense, activation, norm, then the word table and a bias.
package final class MaskedHead: Sendable {
    private let transform: Linear
    private let activation: Activation
    private let norm: LayerNorm
    private let decoder: Linear
    /// Whether words are told apart by the embeddings' table.
    let isTied: Bool

    static let decoderPath = "cls.predictions.decoder"

    /// The words' own numbers, or the embeddings'.
    package var table: Parameter { decoder.weight }

    /// Nil when the checkpoint has no such head.
    ///
    /// Its weight is the words' table where the configuration ties them and the file has no other; its bias is
    /// in the file under one name or two, and the decoder's wins, as in Transformers 5.
    init?(
        _ config: inout ModelConfig, _ store: ParameterStore, words: Parameter, activation: Activation
    ) throws {
        let path = "cls.predictions"
        let (weight, bias) = ("\(Self.decoderPath).weight", "\(Self.decoderPath).bias")
        config.tiesHead = config.tiesHead && (!store.isStored(weight) || store.isSame(weight, as: words.name))
        guard store.has("\(path).transform.dense.weight"), store.has("\(path).bias") || store.has(bias),
            config.tiesHead || store.has(weight)
        else { return nil }
        transform = try store.linear(
            "\(path).transform.dense", inputs: config.width, outputs: config.width, bias: true,
            isOfBlock: false)
        self.activation = activation
        norm = try store.layerNorm(
            "\(path).transform.LayerNorm", width: config.width, epsilon: config.normEpsilon)
        isTied = config.tiesHead
        let table =
            config.tiesHead ? words : try store.parameter(weight, [config.vocabulary, config.width])
        let isOwn = store.isStored(bias) && !store.isSame(bias, as: "\(path).bias")
        decoder = Linear(
            path: Self.decoderPath, weight: table,
            bias: try store.parameter(isOwn ? bias : "\(path).bias", [config.vocabulary], as: .vector))
    }

    /// A new one for an encoder that has none: the dense layer is drawn as Transformers draws it, normal with deviation
    /// 0.02, biases are 0, and words are told apart by the embeddings' own table.
    ///
    /// - Throws: `bad-config` for an activation that is not known.
    package static func fresh(for model: any LanguageModel, seed: UInt64) throws -> MaskedHead {
        var config = model.config
        config.tiesHead = true
        let activation = try Activation(of: config)
        let head = try MaskedHead(
            &config, ParameterStore(seed: seed), words: model.words, activation: activation)
        guard let head else { preconditionFailure("a store of drawn weights has every tensor") }
        return head
    }

    /// What it has of its own: all but a table that is the embeddings'.
    package var parameters: [Parameter] {
        let own = [transform.weight, transform.bias, norm.weight, norm.bias, decoder.bias].compactMap(\.self)
        return isTied ? own : own + [table]
    }

    /// Names of its norm's weight and bias, which weight decay spares.
    var normNames: Set<String> { [norm.weight.name, norm.bias.name] }

    /// (rows, width), the last hidden states of some tokens, to (rows, vocabulary).
    package func logits(_ h: Tensor, _ pass: Pass) throws -> Tensor {
        try decoder(norm(pass.activate(try transform(h, pass), activation), pass), pass)
    }
}
