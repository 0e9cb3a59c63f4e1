/// What the weights, as they are at one moment, do on the texts that a run is judged by.
package struct Judgement: Sendable {
    /// On the first set, which decides.
    package var result: EvaluationResult
    /// On the others, in their order.
    package var others: [SetResult]
    /// Answers to a few texts of the first set.
    package var samples: [SampleAnswer]

    package init(_ result: EvaluationResult, others: [SetResult] = [], samples: [SampleAnswer] = []) {
        (self.result, self.others, self.samples) = (result, others, samples)
    }
}

/// A result under the name that its set was given.
package struct SetResult: Sendable, Hashable, Codable {
    package var name: String
    package var result: EvaluationResult

    package init(name: String, result: EvaluationResult) { (self.name, self.result) = (name, result) }
}

/// What a model answered to one text of a validation set.
package struct SampleAnswer: Sendable, Hashable, Codable {
    /// Its place in the set.
    package var index: Int
    /// Its beginning.
    package var text: String
    /// Class names: that of a model that writes its answers is what it would write.
    package var truth, answer: String
    /// How sure it was of its answer.
    package var probability: Double

    package init(index: Int, text: String, truth: String, answer: String, probability: Double) {
        (self.index, self.text, self.truth) = (index, text, truth)
        (self.answer, self.probability) = (answer, probability)
    }

    /// Letters of a text that are kept.
    package static let longest = 240
}
