import Compute
import Datasets
import Diagnostics
import Learning
import Models
import Synchronization
import Tokenizers

/// A language model that learns which of two answers is liked more (DPO and its kin).
///
/// The reference is the same model without the tuning: what it says of an example is asked once and kept.
package final class PreferenceLearning: LearningTask {
    package static let declaration = TaskDeclaration(
        "preferences", usualLength: 512,
        suits: { $0.dataset.shape == .preferences },
        make: { request, maxLength in
            try PreferenceLearning(
                model: request.model, tokenizer: request.tokenizer,
                template: request.template ?? request.dataset.usualTemplate,
                instruction: request.instruction, dataset: request.dataset, maxLength: maxLength)
        })

    package let encoder: any Encoder
    package let template: PromptTemplate?
    private let preference: any PreferenceLoss
    private let reference: Reference
    private let own: TextWriting

    /// - `maxLength`: tokens of a request and an answer.
    package init(
        model: any LanguageModel, tokenizer: any Tokenizer, template: PromptTemplate,
        instruction: String? = nil,
        dataset: Dataset, maxLength: Int, choice: PreferenceChoice = PreferenceChoice()
    ) throws {
        own = try TextWriting(
            model: model, tokenizer: tokenizer, template: template, instruction: instruction,
            dataset: dataset, maxLength: maxLength)
        let resolved = try template.resolved(for: tokenizer)
        self.template = resolved
        encoder = PreferenceEncoder(
            tokenizer: tokenizer, template: resolved, instruction: instruction,
            maxLength: min(maxLength, model.config.context))
        (preference, reference) = (choice.made, Reference())
        summary = Self.summary(resolved, choice)
    }

    private init(_ other: PreferenceLearning, _ choice: PreferenceChoice) {
        (encoder, template, reference, own) = (other.encoder, other.template, other.reference, other.own)
        preference = choice.made
        summary = other.template.map { Self.summary($0, choice) } ?? ""
    }

    package let summary: String

    private static func summary(_ template: PromptTemplate, _ choice: PreferenceChoice) -> String {
        "prompt \(template.name), which of two answers is liked more, \(choice.summary)"
    }

    package var remarks: [String] { own.remarks }
    package var loss: any Loss { preference }
    package var readout: Readout { .vocabulary }
    package func judge() -> any Judge { PreferenceJudge(preference) }

    package func adopting(_ choice: PreferenceChoice?) -> any LearningTask {
        choice.map { PreferenceLearning(self, $0) } ?? self
    }

    /// What the model without any tuning says of rows, by their identity.
    private final class Reference: Sendable {
        private let known = Mutex<[UInt64: [Float]]>([:])

        subscript(row: Row) -> [Float]? { known.withLock { $0[row.identity] } }

        func keep(_ rows: [(Row, [Float])]) {
            known.withLock { known in for (row, losses) in rows { known[row.identity] = losses } }
        }
    }

    package func prepared(
        _ examples: [EncodedExample], by model: any LanguageModel, workers: Workers,
        interruption: Interruption
    ) throws -> [EncodedExample] {
        let rows = examples.flatMap(\.rows).filter { !$0.learned.isEmpty && reference[$0] == nil }
        let found = try Evaluator(model: model, under: nil, task: self, workers: workers)
            .losses(of: rows, interruption: interruption)
        reference.keep(Array(zip(rows, found)))
        return examples.map { example in
            var example = example
            for index in example.rows.indices {
                guard let losses = reference[example.rows[index]] else { continue }
                for (place, loss) in losses.enumerated() {
                    example.rows[index].learned[place].reference = -loss
                }
            }
            return example
        }
    }
}
