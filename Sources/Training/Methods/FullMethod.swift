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
            trained. last=n is what last n=… does, without a language head of its own.
            """,
        settings: [
            SettingDeclaration(
                "last", "only so many of the last blocks; last n=… is the word for it", .count(1...1000),
                otherwise: "all blocks, and the embeddings")
        ],
        rate: UsualRate(2e-5, (.given("last"), 1e-4)),
        examples: [
            .init("full", "everything is trained"),
            .init("full last=1", "the last block, what follows it and the classifier"),
        ])

    package let values: SettingValues
    /// How many of the last blocks train; nil for the whole model, embeddings included.
    private let last: Int?

    package init(_ values: SettingValues) {
        self.values = values
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
        return Tuning(training: chosen, of: model)
    }
}
