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
    private init(_ other: AttachedMethod, _ tuning: Tuning) {
        (source, head, targets) = (other.source, other.head, other.targets)
        (seed, isDefault, origin) = (other.seed, other.isDefault, other.origin)
        self.tuning = tuning
    }

    package func with(_ tuning: Tuning) -> AttachedMethod { AttachedMethod(self, tuning) }

    package var declaration: MethodDeclaration { source.declaration }

    /// What it trains, besides the task's own parameters.
    package var parameters: [Parameter] { tuning.trainedParameters }
    package var trainableCount: Int { parameters.reduce(0) { $0 + $1.count } }

    /// `lora r=8 alpha=16`
    package var summary: String { source.summary }
}
