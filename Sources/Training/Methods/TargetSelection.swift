import Diagnostics
import Learning
import Models

/// Which linear layers an adapter attaches to, by PEFT's rules: a name matches a path that equals
/// it or ends in it after a dot; `all-linear` and short aliases stand for several names.
package struct TargetSelection: Sendable {
    private let targets: [String]
    private let layers: LayerSelection?

    package init(_ targets: [String], layers: LayerSelection?) {
        self.targets = targets
        self.layers = layers
    }

    /// - Throws: `unknown-target` when a name matches nothing, with the names that there are.
    package func linears(of model: any LanguageModel) throws -> [Linear] {
        let names = try names(for: model)
        let blocks = try layers?.blocks(of: model.config.blocks)
        var chosen: [Linear] = []
        for linear in model.linears where names.contains(where: { Self.matches($0, linear.path) }) {
            if let blocks, let index = model.blockIndex(of: linear.path), !blocks.contains(index) { continue }
            chosen.append(linear)
        }
        return chosen
    }

    private func names(for model: any LanguageModel) throws -> [String] {
        let family = ModelRegistry.family(named: model.config.family)
        if targets.isEmpty || targets == ["auto"] { return family?.defaultTargets ?? [] }
        if targets == ["all-linear"] { return model.linears.map(\.path) }
        return try targets.flatMap { target in
            if model.linears.contains(where: { Self.matches(target, $0.path) }) { return [target] }
            if let aliased = family?.targetAliases[target] { return aliased }
            let known =
                Self.names(in: model) + (family.map { Array($0.targetAliases.keys) } ?? []) + ["all-linear"]
            let near = closestName(to: target, among: known)
            throw Diagnostic(
                "unknown-target", "no layer of this \(model.config.family) is called \(target)",
                hint: near.map { "did you mean \($0)?" }
                    ?? "there are \(Self.names(in: model).joined(separator: ", "))")
        }
    }

    /// The different last names of a model's layers, for help and completion.
    package static func names(in model: any LanguageModel) -> [String] {
        var seen: Set<String> = []
        return model.linears.compactMap { linear in
            let name = linear.path.split(separator: ".").last.map(String.init) ?? linear.path
            return seen.insert(name).inserted ? name : nil
        }
    }

    private static func matches(_ target: String, _ path: String) -> Bool {
        path == target || path.hasSuffix("." + target)
    }
}
