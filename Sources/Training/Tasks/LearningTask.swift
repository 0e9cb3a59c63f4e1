import Datasets
import Learning
import Models
import Tensors

/// What a run learns and how its answers are read: encoding, loss and scores.
package protocol Objective: AnyObject, Sendable {
    /// The class names, in the order of labels.
    var labels: [String] { get }
    /// What the objective itself trains besides the method's parameters, such as a head.
    var parameters: [Parameter] { get }
    /// The model's own parameters that no loss of this objective reaches: a method that trains everything
    /// leaves them alone.
    func unread(of model: any LanguageModel) -> [Parameter]
    /// One line for plans and tables.
    var summary: String { get }

    /// - Throws: when an example can't be expressed in `max_length` tokens.
    func encode(_ example: Example) throws -> EncodedExample

    /// How many terms of the loss an example brings: 1 for a class, its tokens for an answer.
    func termCount(_ example: EncodedExample) -> Int

    /// The loss of a share and, in training, its backward pass.
    ///
    /// - `h`: the share's last hidden states (tokens, width).
    /// - `scale`: weight of each term, 1 / terms of the whole batch.
    func learn(
        _ h: Tensor, _ examples: [EncodedExample], model: any LanguageModel, scale: Float, _ pass: Pass
    ) throws -> ShareLoss

    /// The first token of an example whose hidden state `scores` reads.
    func firstRead(of example: EncodedExample) -> Int

    /// A score for each class of each example, log-probabilities that sum to 1 over the classes.
    func scores(
        _ h: Tensor, _ examples: [EncodedExample], model: any LanguageModel, _ pass: Pass
    ) throws -> [[Float]]
}

extension Objective {
    /// Every token's, unless an objective knows better.
    package func firstRead(of example: EncodedExample) -> Int { 0 }
    package func unread(of model: any LanguageModel) -> [Parameter] { [] }
}

/// What one share adds to a step.
package struct ShareLoss: Sendable {
    /// Sum over terms, unscaled, in nats.
    package var sum: Double
    package var terms: Int
    /// Examples whose most probable class, or whose every answer token, was right.
    package var correct: Int

    package init(sum: Double, terms: Int, correct: Int) {
        self.sum = sum
        self.terms = terms
        self.correct = correct
    }
}
