import Datasets
import Diagnostics
import Learning
import Models
import Tokenizers

/// A language model that answers with texts: the loss is on what it is to write, and on the end of that.
package final class TextWriting: LearningTask {
    package static let declaration = TaskDeclaration(
        "writing", usualLength: 512,
        suits: { [.answers, .dialogues].contains($0.dataset.shape) },
        make: { request, maxLength in
            try TextWriting(
                model: request.model, tokenizer: request.tokenizer,
                template: request.template ?? request.dataset.usualTemplate,
                instruction: request.instruction, dataset: request.dataset, maxLength: maxLength)
        })

    private let answers: InstructionEncoder
    package let template: PromptTemplate?
    package let summary: String
    package let remarks: [String]
    /// Whether what is learned are dialogues, before which no example stands.
    private let isOfDialogues: Bool

    /// - `maxLength`: tokens of a request and its answer, or of a dialogue.
    package init(
        model: any LanguageModel, tokenizer: any Tokenizer, template: PromptTemplate,
        instruction: String? = nil, dataset: Dataset, maxLength: Int
    ) throws {
        try Self.requireWriter(model)
        let resolved = try template.resolved(for: tokenizer)
        if case .pattern = resolved.form, dataset.isOfDialogues {
            throw Diagnostic(
                "one-round",
                "the prompt \(resolved.name) has one request and its answer, and the data are dialogues",
                about: "prompt", hint: "write prompt=chatml in load, or chat for the model's own")
        }
        self.template = resolved
        isOfDialogues = dataset.shape != .answers || dataset.isOfDialogues
        answers = InstructionEncoder(
            tokenizer: tokenizer, template: resolved, instruction: instruction, learned: dataset.learned,
            maxLength: min(maxLength, model.config.context))
        let learned =
            switch dataset.learned {
            case .assistant: dataset.shape == .dialogues ? "what the assistant says" : "the answer"
            case .last: "the last answer"
            case .all: "every token"
            }
        summary = "prompt \(resolved.name), \(learned) learned word by word"
        let marks = resolved.marks.filter { tokenizer.encode(runs: [[.markup($0)]])[0].count > 1 }
        remarks =
            (tokenizer.special.eos == nil
                ? ["the tokenizer names no end token: answers are learned without an end"] : [])
            + (marks.isEmpty
                ? []
                : [
                    "the tokenizer has no token for \(marks.joined(separator: ", ")): the model reads that as text"
                ])
    }

    /// - Throws: `no-language-head`.
    package static func requireWriter(_ model: any LanguageModel) throws {
        guard model.isCausal, model.hasLanguageHead else {
            throw Diagnostic(
                "no-language-head", "texts need a model that writes, \(model.config.family) does not",
                hint: "take a decoder such as smollm2")
        }
    }

    private init(_ other: TextWriting, _ answers: InstructionEncoder) {
        (template, summary, remarks) = (other.template, other.summary, other.remarks)
        (self.answers, isOfDialogues) = (answers, other.isOfDialogues)
    }

    package var encoder: any Encoder { answers }
    package var loss: any Loss { CrossEntropyLoss() }
    package var readout: Readout { .vocabulary }
    package func judge() -> any Judge { TextJudge() }

    // MARK: - Examples before each text

    package var shots: [Shot] { answers.shots }

    package func shot(of example: Example) -> Shot? { answers.shot(of: example) }

    package func tokenCount(of shots: [Shot]) -> Int { answers.tokenCount(of: shots) }

    package func after(_ shots: [Shot]) -> (any LearningTask)? {
        guard !isOfDialogues else { return nil }
        var other = answers
        other.shots = shots
        return TextWriting(self, other)
    }
}

extension Dataset {
    /// Whether what is asked comes as turns.
    package var isOfDialogues: Bool { shape == .dialogues || shape == .preferences && roles[.text] == nil }

    /// The prompt for answers and dialogues where none is named.
    package var usualTemplate: PromptTemplate { isOfDialogues ? .ofModel : .alpaca }
}

extension PromptTemplate {
    /// What is written in its text as a token of its own, as far as one can tell: `<|im_start|>`.
    var marks: [String] {
        guard case .dialogue(let render) = form else { return [] }
        let segments = render([Turn(.user, ""), Turn(.assistant, "")], false)
        var marks: [String] = []
        for case .markup(let text) in segments.map(\.content) {
            for found in text.matches(of: /<\|[a-z_]+\|>/).map({ String($0.output) })
            where !marks.contains(found) {
                marks.append(found)
            }
        }
        return marks
    }
}
