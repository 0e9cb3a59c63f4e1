import Compute
import Datasets
import Diagnostics
import Learning
import Models

/// What a run learns, in three parts: how examples become rows of tokens, what outputs cost, and how well
/// answers do.
///
/// A new one is a file of its own and a line in `TaskRegistry.swift`.
package protocol LearningTask: AnyObject, Sendable {
    var encoder: any Encoder { get }
    var loss: any Loss { get }
    var readout: Readout { get }
    /// One that has heard nothing yet.
    func judge() -> any Judge

    /// The examples with what has to be asked of the untuned model before they are learned or judged.
    func prepared(
        _ examples: [EncodedExample], by model: any LanguageModel, workers: Workers,
        interruption: Interruption
    ) throws -> [EncodedExample]

    /// The same task with a loss of preferences that was chosen; itself where it has none, or nil was chosen.
    func adopting(_ choice: PreferenceChoice?) -> any LearningTask

    /// How classes' words are scored; nil where none are.
    var scoring: WordScoring? { get }
    /// The same task that scores them otherwise; nil where none are.
    func scored(by scoring: WordScoring) -> (any LearningTask)?

    /// The examples that stand before each text.
    var shots: [Shot] { get }
    /// An example as it stands before others; nil where it has no answer, or the task asks for none in words.
    func shot(of example: Example) -> Shot?
    /// Tokens that examples take before a text.
    func tokenCount(of shots: [Shot]) -> Int
    /// The same task with these examples before each text; nil where it asks for nothing in words.
    func after(_ shots: [Shot]) -> (any LearningTask)?

    /// One line for plans and tables.
    var summary: String { get }
    /// What is to be known of how it reads and learns, each a sentence.
    var remarks: [String] { get }
    /// The class names, in the order of labels; empty where answers are no classes.
    var labels: [String] { get }
    /// The prompt that answers follow; nil where none are written.
    var template: PromptTemplate? { get }
    /// How masks are drawn, where an encoder fills them in.
    var masking: Masking? { get }
    /// Whether a batch's examples change each other's outputs, so that all of them are one share.
    var couplesExamples: Bool { get }
    /// Examples that a batch has to have to be learned from.
    var leastBatch: Int { get }
}

extension LearningTask {
    package func prepared(
        _ examples: [EncodedExample], by model: any LanguageModel, workers: Workers,
        interruption: Interruption
    ) throws -> [EncodedExample] { examples }
    package func adopting(_ choice: PreferenceChoice?) -> any LearningTask { self }
    package var scoring: WordScoring? { nil }
    package func scored(by scoring: WordScoring) -> (any LearningTask)? { nil }
    package var shots: [Shot] { [] }
    package func shot(of example: Example) -> Shot? { nil }
    package func tokenCount(of shots: [Shot]) -> Int { 0 }
    package func after(_ shots: [Shot]) -> (any LearningTask)? { nil }
    package var remarks: [String] { [] }
    package var labels: [String] { [] }
    package var template: PromptTemplate? { nil }
    package var masking: Masking? { nil }
    package var couplesExamples: Bool { head?.norm != nil }
    package var leastBatch: Int { head?.norm == nil ? 1 : 2 }

    /// What the task itself trains besides the method's parameters, such as a head.
    package var parameters: [Parameter] { readout.parameters }

    /// What of the task's own goes along with training and is never stepped: running statistics.
    package var buffers: [Parameter] { head?.buffers ?? [] }

    /// The model's own parameters that no loss of this task reaches: a method that trains everything leaves
    /// them alone.
    package func unread(of model: any LanguageModel) -> [Parameter] { readout.unread(of: model) }

    /// The names of these, and of what a tuning attaches to a language head that no loss reaches.
    package func unreadNames(of model: any LanguageModel, under tuning: Tuning?) -> Set<String> {
        let names = Set(unread(of: model).map(\.name))
        guard case .head = readout else { return names }
        return names.union(
            (tuning?.parameters ?? []).map(\.name).filter { model.part(of: $0) == .languageHead })
    }

    /// Tokens of a row, at most.
    package var maxLength: Int { encoder.maxLength }

    /// The head that tells the classes apart; nil where the vocabulary does.
    package var head: ClassificationHead? { if case .head(let head) = readout { head } else { nil } }

    /// Whether an encoder fills in what is masked: a learned place is that of the token itself.
    package var fillsMasks: Bool { if case .masks = readout { true } else { false } }

    /// The head by which it does, where the model has none of its own.
    package var maskedHead: MaskedHead? { if case .masks(let head) = readout { head } else { nil } }
}
