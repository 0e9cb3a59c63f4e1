import Diagnostics
import Learning
import Models
import Tensors

/// A way to tune a model: which parameters train, and what is attached to make them.
///
/// A new one is a file of its own; the command that offers it makes it.
package protocol TuningMethod: Sendable {
    /// The verb that chose it: `lora`, `full`.
    var name: String { get }
    /// Settings in the field's words, for plans, tables and run records.
    var settings: [(name: String, value: String)] { get }

    /// Attaches itself to a plain model.
    ///
    /// - Returns: what it trains, besides the objective's own parameters.
    /// - Throws: when it fits no layer of this model; the model is then as before.
    func attach(to model: any LanguageModel, seed: UInt64) throws -> [Parameter]
}

extension LanguageModel {
    /// Takes adapters off, freezes everything and puts changed weights back as they were loaded.
    package func reset() {
        for linear in adaptable { linear.adapter = nil }
        for parameter in store.parameters {
            parameter.isTrainable = false
            parameter.restore()
        }
    }

    /// Every layer that can hold an adapter: the pooler too, which only some adapters of others name.
    package var adaptable: [Linear] { linears + (pooler.map { [$0] } ?? []) }

    /// Every adapter's parameters, in the order of the layers.
    package var adapterParameters: [Parameter] { adaptable.flatMap { $0.adapter?.parameters ?? [] } }
}
