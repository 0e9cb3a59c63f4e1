import Diagnostics
import Learning
import Models

/// Which linear layers an adapter attaches to.
///
/// A name that ends a path after a dot means that layer, as PEFT has it (`output.dense` on BERT is two);
/// else it stands for what other families call the same layer, and for nothing more.
package struct TargetSelection: Sendable {
    private let targets: [String]
    private let layers: LayerSelection?
    private var takesTables = false

    package init(_ targets: [String], layers: LayerSelection?) {
        self.targets = targets
        self.layers = layers
    }

    /// As the settings `targets` and `layers` say, where a method has them.
    ///
    /// - `key`: the setting in the place of `targets`.
    /// - `usual`: where nothing is said, or `auto`; empty for the family's own.
    /// - Throws: `bad-layers`.
    package init(_ values: SettingValues, of key: String = "targets", usual: [String] = []) throws {
        let layers = try values.names("layers").map {
            try LayerSelection(parsing: $0.joined(separator: ","))
        }
        let asked = values.names(key) ?? []
        self.init(asked.isEmpty || asked == ["auto"] ? usual : asked, layers: layers)
    }

    /// Whether the words' table is one of the targets.
    package func changesWords(of model: any LanguageModel) -> Bool {
        targets.contains { namesWords($0, of: model) }
    }

    private func namesWords(_ target: String, of model: any LanguageModel) -> Bool {
        takesTables && (target == "embeddings" || Rule.end(target).matches(model.wordsPath))
    }

    /// The same, with the words' table as a target too, by its own name or as `embeddings`.
    package var takingTables: TargetSelection {
        var other = self
        other.takesTables = true
        return other
    }

    /// A layer, and which thirds of its outputs; none for all of them.
    package struct Chosen {
        package let linear: Linear
        package let thirds: [Int]
    }

    /// - Throws: `unknown-target` when a name matches nothing, with the names that there are; `bad-layers`.
    package func chosen(in model: any LanguageModel) throws -> [Chosen] {
        let rules = try rules(for: model)
        let blocks = try layers?.blocks(of: model.config.blocks)
        // The head stands outside of blocks, and has to be named.
        let head = targets.contains("lm_head") ? model.languageHead.map { [$0] } ?? [] : []
        return (model.linears + head).compactMap { linear in
            if let blocks, let index = model.blockIndex(of: linear.path), !blocks.contains(index) {
                return nil
            }
            let matching = rules.filter { $0.matches(linear.path) }
            guard !matching.isEmpty else { return nil }
            let thirds = matching.compactMap(\.third)
            let isWhole = matching.contains { $0.third == nil }
            return Chosen(linear: linear, thirds: isWhole ? [] : Set(thirds).sorted())
        }
    }

    private enum Rule {
        case end(String)
        case layer(LayerTarget)

        func matches(_ path: String) -> Bool {
            switch self {
            case .end(let name): path == name || path.hasSuffix("." + name)
            case .layer(let target): target.matches(path)
            }
        }

        var third: Int? {
            if case .layer(let target) = self { target.third } else { nil }
        }
    }

    private func rules(for model: any LanguageModel) throws -> [Rule] {
        let family = ModelRegistry.family(named: model.config.family)
        if targets.isEmpty || targets == ["auto"] { return (family?.defaultTargets ?? []).map(Rule.end) }
        return try targets.flatMap { target -> [Rule] in
            if target == "all-linear" { return model.linears.map { .end($0.path) } }
            if namesWords(target, of: model) { return [] }
            if target == "lm_head", let head = model.languageHead { return [.end(head.path)] }
            if model.linears.contains(where: { Rule.end(target).matches($0.path) }) { return [.end(target)] }
            if let meant = family?.targets(named: target) { return meant.map(Rule.layer) }
            let known = Self.names(in: model) + (family?.targetNames ?? []) + ["all-linear"]
            let near = LayerRole.named(target) == nil ? closestName(to: target, among: known) : nil
            throw Diagnostic(
                "unknown-target", "no layer of this \(model.config.family) is called \(target)",
                about: "targets",
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
}

extension SettingDeclaration {
    /// Which layers a method changes.
    ///
    /// - `usually`: which ones where nobody says.
    package static func targets(usually: String) -> SettingDeclaration {
        SettingDeclaration(
            "targets",
            "which layers: names, ends of names, q k v o up gate down mlp attn, lm_head, or all-linear",
            .layers,
            otherwise: usually, isAutomatic: true,
            aliases: ["target_modules", "lora_target", "lora_target_modules"],
            foreignDefaults: ["target_modules": "none"])
    }

    /// In which blocks.
    package static let layers = SettingDeclaration(
        "layers", "which blocks: last:6, first:2, 0-5 or 1,3,5", .blocks, otherwise: "all blocks",
        aliases: ["layers_to_transform"], foreignDefaults: ["layers_to_transform": "none"])
}
