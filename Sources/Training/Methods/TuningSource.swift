import Learning
import Models
import Tokenizers

/// What makes a tuning of a base: a method with its settings, or files that were opened.
package protocol TuningSource: Sendable {
    /// Of the method, which files name too.
    var declaration: MethodDeclaration { get }
    var values: SettingValues { get }
    /// Settings in the field's words, for plans, tables and run records.
    var settings: [(name: String, value: String)] { get }

    /// How PEFT's files hold it, which is how it is saved; nil where PEFT has it not.
    var peft: (any PEFTFormat.Type)? { get }
    /// How a folder of our own holds it, of a method that changes what blocks give; nil for others.
    var blockFormat: (any BlockFormat.Type)? { get }

    /// What is to be known of it on this model, each a sentence.
    ///
    /// - `isWriting`: whether the model writes its answers, and no classifier is trained.
    func remarks(on model: any LanguageModel, isWriting: Bool) -> [String]

    /// What others must know who load the files that it is saved in, each a sentence.
    func sharingRemarks(on model: any LanguageModel, isWriting: Bool) -> [String]

    /// The tuning with which a run over this model begins; the model stays as it is.
    ///
    /// - Throws: when it fits no layer of this model.
    func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning

    /// The same, for what begins with a text's tokens.
    ///
    /// - `tokenizer`: the model's.
    func tuning(
        of model: any LanguageModel, reading tokenizer: any Tokenizer, seed: UInt64
    ) throws -> Tuning
}

extension TuningSource {
    package var blockFormat: (any BlockFormat.Type)? { nil }

    /// Whether the whole model is saved, and nothing beside it.
    package var isSavedWhole: Bool { peft == nil && blockFormat == nil }

    package func remarks(on model: any LanguageModel, isWriting: Bool) -> [String] { [] }
    package func sharingRemarks(on model: any LanguageModel, isWriting: Bool) -> [String] { [] }

    package func tuning(
        of model: any LanguageModel, reading tokenizer: any Tokenizer, seed: UInt64
    ) throws -> Tuning {
        try tuning(of: model, seed: seed)
    }

    package var settings: [(name: String, value: String)] { values.shown }

    /// For a line: `LoRA r=8 layers=last:3 dora=yes`, of the settings the first that is a number, and all that are not as
    /// usual but texts.
    package var shortSummary: String {
        let first = settings.first { Double($0.value) != nil }
        let others = values.changes.filter { change in
            let kind = declaration.settings.first { $0.name == change.name }?.kind
            return change.name != first?.name && kind != .text
        }
        return
            ([declaration.title] + [first].compactMap(\.self).map { "\($0.name)=\($0.value)" }
            + others.map { "\($0.name)=\($0.value.text)" }).joined(separator: " ")
    }

    /// `lora r=8 alpha=16`
    package var summary: String {
        ([declaration.name] + settings.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
    }
}
