import Datasets

/// A data set with the way in which a model is to read it.
package struct LoadedData: Sendable {
    package var dataset: Dataset
    /// The prompt that a language model answers; nil puts a classification head on top.
    package var template: PromptTemplate?
    package var instruction: String?
    /// How classes are scored that a prompt asks for.
    package var scoring: WordScoring
    /// How the same ones are had again; nil where nothing was loaded.
    package var request: DatasetRequest?

    package init(
        dataset: Dataset, template: PromptTemplate? = nil, instruction: String? = nil,
        scoring: WordScoring = .sum, request: DatasetRequest? = nil
    ) {
        self.dataset = dataset
        self.template = template
        self.instruction = instruction
        self.scoring = scoring
        self.request = request
    }

    /// The part to judge by: the named one, else test, else validation.
    package func part(named split: Split?) -> Split {
        split ?? (dataset.test.isEmpty && !dataset.validation.isEmpty ? .validation : .test)
    }
}
