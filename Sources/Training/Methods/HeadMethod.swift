import Learning
import Models

/// The head over a model that stays as it is: linear probing.
package struct HeadMethod: Method {
    package static let declaration = MethodDeclaration(
        "head", summary: "tunes the head alone, over a frozen model",
        details: """
            The classifier; or where answers are written the language head, if it is a matrix of its own. All that \
            lies below is computed once and kept, so that it is the fastest there is, and the least that can be done.
            """,
        settings: [],
        // fastai's base_lr for the epoch in which only the head learns; a whole vocabulary's is tuned as the rest is.
        rate: UsualRate(2e-3, (.writing, 1e-4)),
        examples: [.init("head", "the classifier alone")])

    package let values: SettingValues

    package init(_ values: SettingValues) { self.values = values }

    package func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        Tuning(training: model.trainable.filter { model.part(of: $0.name) == .languageHead }, of: model)
    }

    package func remarks(on model: any LanguageModel, isWriting: Bool) -> [String] {
        model.headRemarks(isWriting: isWriting)
    }
}
