import Compute
import Diagnostics
import Learning
import Models

/// Every weight that the task reads, or those of the last blocks and of what follows them.
///
/// What no loss reaches, such as a language head beside a classifier, is left out where the task is known
/// (`LearningTask.unread`).
package struct FullMethod: Method {
    package static let declaration = MethodDeclaration(
        "full", summary: "tunes all weights, or those of the last blocks",
        details: """
            All weights are those that the task reads: embeddings, blocks, the final norm, BERT's pooler where \
            the classifier reads [CLS], the language head where answers are written. The classifier is always \
            trained. An encoder's own head that fills masks in stays as it is; a new one is learned. last=n is what \
            last n=… does, without a language head of its own.

            decay=2.6 gives each layer a rate of its own: the head, and what stands between it and the last block, has \
            lr, each block below 1/2.6 of that above, the embeddings the least; rates of parts, as train's lr.embeddings=, \
            are divided likewise. With unfreeze=gradual the head learns \
            alone in the first epoch, in each further one a block more (ULMFiT, Howard & Ruder 2018). A further train \
            goes on from where the last one had come to.
            """,
        settings: [
            SettingDeclaration(
                "last", "only so many of the last blocks; last n=… is the word for it", .count(1...1000),
                otherwise: "all blocks, and the embeddings")
        ] + LayerRates.settings,
        rate: UsualRate(2e-5, (.given("last"), 1e-4)),
        examples: [
            .init("full", "everything is trained"),
            .init("full last=1", "the last block, what follows it and the classifier"),
            .init("full decay=2.6 unfreeze=gradual", "lower layers more slowly and later, as ULMFiT"),
        ])

    package let values: SettingValues
    /// How many of the last blocks train; nil for the whole model, embeddings included.
    private let last: Int?
    private let layers: LayerRates

    package init(_ values: SettingValues) throws {
        self.values = values
        layers = try LayerRates(values)
        last = values.count("last")
    }

    package func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        if let last, last < 1 || last > model.config.blocks {
            throw Diagnostic(
                "bad-layers", "last=\(last) is not possible: the model has \(model.config.blocks) blocks",
                about: "last")
        }
        let first = last.map { model.config.blocks - $0 }
        let chosen = model.trainable.filter { parameter in
            guard let first else { return true }
            // The final norm trains with the last blocks, as in the GPT-2 study of the papers, and BERT's pooler.
            let part = model.part(of: parameter.name)
            return part >= .block(first) && part < .languageHead
        }
        return layers.applied(to: Tuning(training: chosen, of: model), of: model)
    }

    package func remarks(on model: any LanguageModel, isWriting: Bool) -> [String] {
        layers.remarks(
            blocks: last ?? model.config.blocks, reachesEmbeddings: last == nil,
            hasHead: !isWriting || model.tiedTable == nil)
    }
}
