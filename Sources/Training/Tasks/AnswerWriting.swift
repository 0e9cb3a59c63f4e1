import Datasets
import Diagnostics
import Learning
import Models
import Tokenizers

/// A language model that writes the label's word after a prompt; the loss is on the answer alone, and classes are scored
/// by the probability of their words: all tokens of each, with the end that it is trained with.
package final class AnswerWriting: LearningTask {
    package static let declaration = TaskDeclaration(
        "answers", usualLength: 512,
        suits: { $0.template != nil && $0.dataset.labels.count > 1 },
        make: { request, maxLength in
            guard let template = request.template else {
                preconditionFailure("an answer without a prompt")
            }
            return try AnswerWriting(
                model: request.model, tokenizer: request.tokenizer, labels: request.dataset.labels,
                template: template, instruction: request.instruction, scoring: request.scoring,
                maxLength: maxLength)
        })

    package let labels: [String]
    private let answers: AnswerEncoder
    private let prompt: PromptTemplate
    private let ownScoring: WordScoring
    /// Whether there is a token that ends an answer, which then is learned: no row is padded, so that it keeps its
    /// label also where the model's padding is the same token.
    private let hasEnd: Bool

    /// - `maxLength`: tokens of prompt and answer; what the text has too much loses its end.
    package init(
        model: any LanguageModel, tokenizer: any Tokenizer, labels: [String], template: PromptTemplate,
        instruction: String? = nil, scoring: WordScoring = .sum, maxLength: Int
    ) throws {
        guard model.isCausal, model.hasLanguageHead else {
            throw Diagnostic(
                "no-language-head", "a prompt needs a model that writes, \(model.config.family) does not",
                hint: "load the data without prompt=, or take a decoder such as smollm2")
        }
        (self.labels, ownScoring) = (labels, scoring)
        prompt = try template.resolved(for: tokenizer)
        let words = labels.map { tokenizer.encode($0, addingSpecialTokens: false) }
        guard words.allSatisfy({ !$0.isEmpty }), Set(words).count == words.count else {
            throw Diagnostic(
                "bad-labels",
                "the label words \(labels.joined(separator: ", ")) cannot be told apart as tokens")
        }
        hasEnd = tokenizer.special.eos != nil
        answers = AnswerEncoder(
            tokenizer: tokenizer, template: prompt,
            instruction: instruction ?? PromptTemplate.instruction(labels: labels), words: words,
            maxLength: min(maxLength, model.config.context))
    }

    private init(_ other: AnswerWriting, _ answers: AnswerEncoder, _ scoring: WordScoring) {
        (labels, prompt, hasEnd) = (other.labels, other.prompt, other.hasEnd)
        (self.answers, ownScoring) = (answers, scoring)
    }

    package var encoder: any Encoder { answers }
    package var loss: any Loss { CrossEntropyLoss() }
    package var readout: Readout { .vocabulary }
    package var template: PromptTemplate? { prompt }
    package var remarks: [String] {
        hasEnd ? [] : ["the tokenizer names no end token: answers are learned without an end"]
    }
    package var summary: String {
        "prompt \(prompt.name), answers scored at label words"
            + (ownScoring == .sum ? "" : ", by the mean of their tokens")
    }
    package func judge() -> any Judge { WordJudge(labels: labels, scoring: ownScoring) }

    package var scoring: WordScoring? { ownScoring }

    package func scored(by scoring: WordScoring) -> (any LearningTask)? {
        AnswerWriting(self, answers, scoring)
    }

    // MARK: - Examples before each text

    package var shots: [Shot] { answers.shots }

    package func shot(of example: Example) -> Shot? { answers.shot(of: example, labels: labels) }

    package func tokenCount(of shots: [Shot]) -> Int { answers.tokenCount(of: shots) }

    package func after(_ shots: [Shot]) -> (any LearningTask)? {
        var other = answers
        other.shots = shots
        return AnswerWriting(self, other, ownScoring)
    }
}
