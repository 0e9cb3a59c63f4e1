import Diagnostics
import Learning
import Models

/// The last blocks, what follows them and the head, as the GPT-2 study of the papers tunes them.
package struct LastMethod: Method {
    package static let declaration = MethodDeclaration(
        "last", summary: "tunes the last blocks and what follows them",
        details: """
            The last n blocks, the final norm, BERT's pooler where the classifier reads [CLS], and the head: the \
            classifier, or where answers are written the language head, if it is a matrix of its own. One that is \
            tied to the embeddings stays frozen with them. What lies below is computed once and kept. decay, \
            layer_decay and unfreeze are as full has them.
            """,
        settings: [
            SettingDeclaration(
                "n", "how many of the last blocks", .count(1...1000), usual: .count(1),
                aliases: ["num_layers", "freeze_trainable_layers", "finetune_last_n_layers"])
        ] + LayerRates.settings,
        rate: UsualRate(1e-4),
        examples: [
            .init("last", "the last block, what follows it and the classifier"),
            .init("last n=2", "the last two"),
        ])

    package let values: SettingValues
    private let count: Int
    private let layers: LayerRates

    package init(_ values: SettingValues) throws {
        self.values = values
        layers = try LayerRates(values)
        count = values.count("n") ?? 1
    }

    package func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        guard count <= model.config.blocks else {
            throw Diagnostic(
                "bad-layers", "n=\(count) is not possible: the model has \(model.config.blocks) blocks",
                about: "n", hint: "write n=\(model.config.blocks) or less, or full")
        }
        let first = Part.block(model.config.blocks - count)
        let chosen = model.trainable.filter { model.part(of: $0.name) >= first }
        return layers.applied(to: Tuning(training: chosen, of: model), of: model)
    }

    package func remarks(on model: any LanguageModel, isWriting: Bool) -> [String] {
        model.headRemarks(isWriting: isWriting)
            + layers.remarks(
                blocks: count, reachesEmbeddings: false, hasHead: !isWriting || model.tiedTable == nil)
    }
}
