import Learning
import Models
import Training

/// A method and what it has made of a model: a tuning, which nobody writes.
package struct AttachedMethod: Sendable {
    package let method: any TuningMethod
    package let tuning: Tuning
    /// The last names of the layers that are changed by hooks.
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
        let tuning = try method.tuning(of: model, seed: seed)
        let names = tuning.linears.keys.compactMap { $0.split(separator: ".").last.map(String.init) }
        (self.tuning, targets) = (tuning, Set(names).sorted())
    }

    /// The same method, trained further.
    private init(_ other: AttachedMethod, _ tuning: Tuning) {
        (method, targets, seed, isDefault) = (other.method, other.targets, other.seed, other.isDefault)
        self.tuning = tuning
    }

    package func with(_ tuning: Tuning) -> AttachedMethod { AttachedMethod(self, tuning) }

    /// What it trains, besides the objective's own parameters.
    package var parameters: [Parameter] { tuning.trainedParameters }
    package var trainableCount: Int { parameters.reduce(0) { $0 + $1.count } }

    /// `lora r=8 alpha=16`
    package var summary: String {
        ([method.name] + method.settings.map { "\($0.name)=\(trimmed($0.value))" }).joined(separator: " ")
    }

    private func trimmed(_ value: String) -> String {
        value.hasSuffix(".0") ? String(value.dropLast(2)) : value
    }
}
