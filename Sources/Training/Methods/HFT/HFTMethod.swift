import Learning
import Models

/// Half Fine-Tuning (Hui et al. 2024): everything is tuned, but only half of it in each epoch.
package struct HFTMethod: Method {
    package static let declaration = MethodDeclaration(
        "hft", title: "HFT", summary: "tunes half of all weights in each epoch, another half in the next",
        details: """
            As full, but of every block's attention, feed-forward and norms, and of what lies outside of blocks, half \
            of the layers rest: drawn from the seed, anew for each epoch. What rests is not changed, nor does its \
            optimizer state go on; so more of what the model knew is kept. The classifier never rests.
            """,
        settings: [
            SettingDeclaration(
                MethodDeclaration.seed.name, "of the halves", MethodDeclaration.seed.kind,
                otherwise: "the session's seed")
        ],
        // As full's, of which it is half an epoch at a time.
        rate: UsualRate(2e-5), traits: [.drawsInEpochs],
        examples: [.init("hft", "another half in each epoch"), .init("hft seed=7", "other halves")])

    package let values: SettingValues

    package init(_ values: SettingValues) { self.values = values }

    package func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        var tuning = Tuning(training: model.trainable, of: model)
        tuning.groups = tuning.groups.map { group in
            ParameterGroup(group.parameters, rests: true)
        }
        tuning.phases = HalfDraw(tuning.trainedParameters, of: model, seed: seed)
        return tuning
    }

    package func remarks(on model: any LanguageModel, isWriting: Bool) -> [String] {
        ["half of what is trained rests in each epoch, drawn from the seed"]
    }
}
