import Diagnostics
import Learning
import Models

/// Learning rates of parts of a model and of its head, where they are not lr: `lr=2e-5 lr.head=1e-3`.
package struct PartRates: Sendable, Hashable, Codable {
    /// Of the tables of words, positions and segments.
    package var embeddings: Float?
    /// Of the blocks, with what is attached to them, and of what follows them.
    package var blocks: Float?
    /// Of the classifier, or of a language head of its own.
    package var head: Float?

    package init(embeddings: Float? = nil, blocks: Float? = nil, head: Float? = nil) {
        (self.embeddings, self.blocks, self.head) = (embeddings, blocks, head)
    }

    /// Those that are given, by what follows the dot.
    package var given: [(name: String, rate: Float)] {
        [("embeddings", embeddings), ("blocks", blocks), ("head", head)].compactMap { name, rate in
            rate.map { (name, $0) }
        }
    }

    /// The groups with factors of lr that make these rates, each cut where its parameters have several; a factor that
    /// a group has, as of discriminative rates, goes on top.
    ///
    /// - `head`: the names of the task's own parameters.
    /// - Throws: `nothing-to-train` for a rate of a part of which nothing is trained.
    func applied(
        to groups: [ParameterGroup], of model: any LanguageModel, head: Set<String>, lr: Float
    ) throws -> [ParameterGroup] {
        func part(of parameter: Parameter) -> String? { Self.part(of: parameter, in: model, head: head) }
        let rates = Dictionary(uniqueKeysWithValues: given)
        let known = Set(groups.flatMap(\.parameters).compactMap(part))
        if let idle = given.map(\.name).first(where: { !known.contains($0) }) {
            throw Diagnostic(
                "nothing-to-train",
                "lr.\(idle) is of \(Self.titles[idle] ?? idle), of which nothing is trained",
                about: "lr.\(idle)", hint: "leave it out; params shows what is trained")
        }
        return groups.flatMap { group -> [ParameterGroup] in
            let kinds = [nil, "embeddings", "blocks", "head"].compactMap { kind -> ParameterGroup? in
                let own = group.parameters.filter { part(of: $0) == kind }
                guard !own.isEmpty else { return nil }
                var made = group.with(own)
                if let rate = kind.flatMap({ rates[$0] }) { made.rate *= rate / lr }
                return made
            }
            return kinds
        }
    }

    /// Whether each of some parameters has a rate among these, so that none goes by lr.
    ///
    /// - `head`: the names of the task's own parameters.
    func cover(_ parameters: [Parameter], of model: any LanguageModel, head: Set<String>) -> Bool {
        let names = Set(given.map(\.name))
        return !names.isEmpty
            && parameters.allSatisfy { Self.part(of: $0, in: model, head: head).map(names.contains) ?? false }
    }

    /// What follows the dot of the rate that a parameter goes by; nil for the method's own beside the model.
    private static func part(
        of parameter: Parameter, in model: any LanguageModel, head: Set<String>
    ) -> String? {
        if head.contains(parameter.name) { return "head" }
        return switch model.part(of: parameter.name) {
        case .embeddings: "embeddings"
        case .block, .finish, .pooler: "blocks"
        case .languageHead: "head"
        case .head: nil
        }
    }

    private static let titles = [
        "embeddings": "the embeddings", "blocks": "the blocks and what follows them", "head": "a head",
    ]
}
