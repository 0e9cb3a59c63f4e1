import Learning
import Models

/// A tuning, which nobody writes, and what has made it.
package struct AttachedMethod: Sendable {
    package let source: any TuningSource
    package let tuning: Tuning
    /// What files brought along.
    package let head: (any HeadSource)?
    /// The last names of the layers that are changed by hooks.
    package let targets: [String]
    /// Of its first values.
    package let seed: UInt64
    /// Whether nobody asked for it.
    package let isDefault: Bool
    /// How the same one is had again.
    package let origin: MethodOrigin

    /// - `folder`, `ignoring`: the files that brought it, and their keys that are passed over.
    package init(
        _ source: any TuningSource, to model: any LanguageModel, seed: UInt64,
        head: (any HeadSource)? = nil, isDefault: Bool = false, folder: String? = nil,
        ignoring: Set<String> = []
    ) throws {
        self.source = source
        self.head = head
        self.isDefault = isDefault
        self.seed = seed
        origin = MethodOrigin(source, seed: seed, folder: folder, ignored: ignoring.sorted())
        let tuning = try source.tuning(of: model, seed: seed)
        let names = tuning.linears.keys.compactMap { $0.split(separator: ".").last.map(String.init) }
        (self.tuning, targets) = (tuning, Set(names).sorted())
    }

    /// The same, trained further.
    private init(_ other: AttachedMethod, _ tuning: Tuning, changes: [WeightChange] = []) {
        (source, head, targets) = (other.source, other.head, other.targets)
        (seed, isDefault) = (other.seed, other.isDefault && changes.isEmpty)
        var origin = other.origin
        if !changes.isEmpty { origin.changes = (origin.changes ?? []) + changes }
        (self.origin, self.tuning) = (origin, tuning)
    }

    /// What was frozen and unfrozen, in that order.
    package var changes: [WeightChange] { origin.changes ?? [] }

    package func with(_ tuning: Tuning) -> AttachedMethod { AttachedMethod(self, tuning) }

    /// With some of its tensors frozen, or others trained too.
    ///
    /// - Throws: what the change brings up; `about` its words.
    package func changed(by change: WeightChange, of model: any LanguageModel) throws -> AttachedMethod {
        AttachedMethod(self, try change.applied(to: tuning, of: model), changes: [change])
    }

    package var declaration: MethodDeclaration { source.declaration }

    /// What it trains, besides the task's own parameters.
    package var parameters: [Parameter] { tuning.trainedParameters }
    package var trainableCount: Int { parameters.reduce(0) { $0 + $1.count } }

    /// Whether no matrix of the base is trained, so that no gradients of them are computed.
    package var keepsMatrices: Bool {
        parameters.allSatisfy { $0.shape.count == 1 || tuning.replaced[$0.name] !== $0 }
    }

    /// `lora r=8 alpha=16, unfreeze norms`
    package var summary: String {
        ([source.summary] + changes.map(\.summary)).joined(separator: ", ")
    }

    /// For a line, see `TuningSource`.
    package var shortSummary: String {
        ([source.shortSummary] + changes.map(\.summary)).joined(separator: ", ")
    }
}
