import Diagnostics
import Learning
import Models
import Tensors

/// A way to tune a model: what it makes of a base, as a value.
///
/// A new one is a file of its own; the command that offers it makes it.
package protocol TuningMethod: Sendable {
    /// The verb that chose it: `lora`, `full`.
    var name: String { get }
    /// Settings in the field's words, for plans, tables and run records.
    var settings: [(name: String, value: String)] { get }

    /// How PEFT's files hold it; nil for a method that PEFT has not.
    var peft: (any PEFTFormat.Type)? { get }

    /// The tuning with which a run over this model begins; the model stays as it is.
    ///
    /// - Throws: when it fits no layer of this model.
    func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning
}

extension TuningMethod {
    package var peft: (any PEFTFormat.Type)? { nil }
}

extension LanguageModel {
    /// Every layer that a tuning can change: the pooler too, which only some adapters of others name.
    package var adaptable: [Linear] { linears + (pooler.map { [$0] } ?? []) }

    /// The lowest part that any of these paths leads to.
    package func reach(of paths: some Sequence<String>) -> Part { paths.map { part(of: $0) }.min() ?? .head }
}
