import Diagnostics
import Learning
import Models

/// The biases alone (Ben-Zaken et al. 2022).
package struct BitFitMethod: Method {
    package static let declaration = MethodDeclaration(
        "bitfit", title: "BitFit", summary: "tunes the biases alone, beside frozen weights",
        details: """
            Every bias of the model, the norms' among them, and the classifier. A model of LLaMA's family has none, \
            and is refused.
            """,
        settings: [],
        // As the authors' program has it, with AdamW and batches of 8.
        rate: UsualRate(1e-3),
        examples: [.init("bitfit", "all biases and the classifier")])

    package let values: SettingValues

    package init(_ values: SettingValues) { self.values = values }

    package func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        let biases = model.trainable.filter { $0.name.hasSuffix(".bias") }
        guard !biases.isEmpty else {
            throw Diagnostic(
                "no-biases", "this \(model.config.family) has no biases: bitfit would train none of it",
                hint: "write norms, which are as few, or head for the classifier alone")
        }
        return Tuning(training: biases, of: model)
    }
}
