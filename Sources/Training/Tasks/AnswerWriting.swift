import Compute
import Diagnostics
import Learning
import Models
import Tokenizers

/// A language model that writes the label's word after a prompt; the loss is on the answer alone,
/// and classes are scored by the probability of their words.
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
                template: template, instruction: request.instruction, maxLength: maxLength)
        })

    package let labels: [String]
    package let encoder: any Encoder
    private let prompt: PromptTemplate
    /// The tokens of each class's word.
    private let words: [[Int32]]
    /// Whether there is a token that ends an answer, which then is learned: no row is padded, so that it keeps its
    /// label also where the model's padding is the same token.
    private let hasEnd: Bool

    /// - `maxLength`: tokens of prompt and answer; what the text has too much loses its end.
    package init(
        model: any LanguageModel, tokenizer: any Tokenizer, labels: [String], template: PromptTemplate,
        instruction: String? = nil, maxLength: Int
    ) throws {
        guard model.isCausal, model.hasLanguageHead else {
            throw Diagnostic(
                "no-language-head", "a prompt needs a model that writes, \(model.config.family) does not",
                hint: "load the data without prompt=, or take a decoder such as smollm2")
        }
        self.labels = labels
        let template = try template.resolved(for: tokenizer)
        prompt = template
        let words = labels.map { tokenizer.encode($0, addingSpecialTokens: false) }
        guard words.allSatisfy({ !$0.isEmpty }), Set(words).count == words.count else {
            throw Diagnostic(
                "bad-labels",
                "the label words \(labels.joined(separator: ", ")) cannot be told apart as tokens")
        }
        self.words = words
        hasEnd = tokenizer.special.eos != nil
        encoder = AnswerEncoder(
            tokenizer: tokenizer, template: template,
            instruction: instruction ?? PromptTemplate.instruction(labels: labels), words: words,
            maxLength: min(maxLength, model.config.context))
    }

    package var loss: any Loss { CrossEntropyLoss() }
    package var readout: Readout { .vocabulary }
    package var template: PromptTemplate? { prompt }
    package var remarks: [String] {
        hasEnd ? [] : ["the tokenizer names no end token: answers are learned without an end"]
    }
    package var summary: String { "prompt \(prompt.name), answers scored at label words" }

    package func judge() -> any Judge {
        let words = words
        guard words.allSatisfy({ $0.count == 1 }) else {
            return ClassJudge(labels: labels) { Self.wordScores($0, $1) }
        }
        return ClassJudge(labels: labels) { outputs, _ in
            (0..<outputs.rows).map { row in words.map { outputs[row, Int($0[0])] } }
        }
    }

    /// The log-probability of each class's word: each is a row of the example's.
    private static func wordScores(_ outputs: Tensor, _ examples: [EncodedExample]) -> [[Float]] {
        let labels = examples.flatMap { $0.rows.flatMap(\.learned) }.map { Int32($0.target?.label ?? 0) }
        let losses = CrossEntropy.losses(of: outputs, labels: labels)
        var next = 0
        return examples.map { example in
            example.rows.map { row in
                let end = next + row.learned.count
                defer { next = end }
                return -losses[next..<end].reduce(0, +)
            }
        }
    }
}
