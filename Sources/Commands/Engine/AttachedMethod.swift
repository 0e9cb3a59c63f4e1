import Learning
import Models
import Training

/// A method on a model, and what it trains there.
package struct AttachedMethod: Sendable {
    package let method: any TuningMethod
    package let parameters: [Parameter]
    /// The last names of the layers that hold an adapter.
    package let targets: [String]
    /// Of its first values.
    let seed: UInt64
    /// Whether nobody asked for it.
    package let isDefault: Bool

    package init(
        _ method: any TuningMethod, to model: any LanguageModel, seed: UInt64, isDefault: Bool = false
    ) throws {
        self.method = method
        self.isDefault = isDefault
        self.seed = seed
        parameters = try method.attach(to: model, seed: seed)
        let adapted = model.linears.filter { $0.adapter != nil }
        targets = Set(adapted.compactMap { $0.path.split(separator: ".").last.map(String.init) }).sorted()
    }

    package var trainableCount: Int { parameters.reduce(0) { $0 + $1.count } }

    /// `lora r=8 alpha=16`
    package var summary: String {
        ([method.name] + method.settings.map { "\($0.name)=\(trimmed($0.value))" }).joined(separator: " ")
    }

    private func trimmed(_ value: String) -> String {
        value.hasSuffix(".0") ? String(value.dropLast(2)) : value
    }
}
