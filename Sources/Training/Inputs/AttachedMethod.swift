import Diagnostics
import Learning
import Models

/// A tuning, which nobody writes, and what has made it.
package struct AttachedMethod: Sendable {
    package let source: any TuningSource
    package let tuning: Tuning
    /// What files brought along.
    package private(set) var head: (any HeadSource)?
    /// The last names of the layers that are changed by hooks.
    package let targets: [String]
    /// Of its first values.
    package let seed: UInt64
    /// Whether nobody asked for it.
    package let isDefault: Bool
    /// How the same one is had again.
    package let origin: MethodOrigin

    /// - `isYetToChange`: whether more is frozen before anything is trained.
    /// - `folder`, `ignoring`: the files that brought it, and their keys that are passed over.
    package init(
        _ source: any TuningSource, to loaded: LoadedModel, seed: UInt64,
        head: (any HeadSource)? = nil, isDefault: Bool = false, folder: String? = nil,
        ignoring: Set<String> = [], isYetToChange: Bool = false
    ) throws {
        self.source = source
        self.head = head
        self.isDefault = isDefault
        self.seed = seed
        origin = MethodOrigin(source, seed: seed, folder: folder, ignored: ignoring.sorted())
        let tuning = try source.tuning(of: loaded.model, reading: loaded.tokenizer, seed: seed)
        if !isYetToChange { try Self.refuseQuantised(tuning, method: source.declaration.name) }
        let words = tuning.tables.isEmpty ? [] : [loaded.model.wordsPath]
        let names = (tuning.linears.keys + words).compactMap {
            $0.split(separator: ".").last.map(String.init)
        }
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

    /// Without the head that files brought along, which is for other classes than the data's.
    package var withoutHead: AttachedMethod {
        var other = self
        other.head = nil
        return other
    }

    /// With some of its tensors frozen, or others trained too.
    ///
    /// - Throws: what the change brings up; `about` its words.
    package func changed(by change: WeightChange, of model: any LanguageModel) throws -> AttachedMethod {
        let changed = try change.applied(to: tuning, of: model)
        try Self.refuseQuantised(changed, method: change.summary)
        return AttachedMethod(self, changed, changes: [change])
    }

    /// What has four bits for each value cannot take small steps: Transformers' trainer refuses it as well.
    ///
    /// - Throws: `quantised-base` where weights would be trained that are held so.
    private static func refuseQuantised(_ tuning: Tuning, method: String) throws {
        let quantised = tuning.trainedParameters.filter { $0.quantisation != nil }
        guard let first = quantised.first, let kind = first.quantisation else { return }
        throw Diagnostic(
            "quantised-base",
            "\(method) would train \(quantised.count) matrices that are held as \(kind.displayName), such as \(first.name)",
            hint:
                "adapters, bitfit, norms and head train beside a quantised base; precision=f32 after model holds weights to be trained"
        )
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
