import Learning
import Models

/// The norms' weights and biases alone (Qi et al. 2022; Zhao et al. 2024).
package struct NormsMethod: Method {
    package static let declaration = MethodDeclaration(
        "norms", summary: "tunes the norms alone, beside frozen weights",
        details: "Weight and bias of every norm, where it has one, and the classifier.",
        settings: [],
        // As BitFit's, which trains as many vectors: 1e-4, the rate of PEFT's comparison, moved nothing there.
        rate: UsualRate(1e-3),
        examples: [.init("norms", "all norms and the classifier")])

    package let values: SettingValues

    package init(_ values: SettingValues) { self.values = values }

    package func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        Tuning(training: model.trainable.filter { model.store.norms.contains($0.name) }, of: model)
    }
}
