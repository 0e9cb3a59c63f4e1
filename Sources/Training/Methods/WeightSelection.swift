import Diagnostics
import Learning
import Models

/// Some of a model's tensors: parts, layers by name, blocks by number, or patterns.
package struct WeightSelection: Sendable, Hashable, Codable {
    /// Each adds to the others; none stands for everything.
    package let words: [String]
    /// Within which blocks; empty for wherever they are.
    package let layers: String

    package init(_ words: [String], layers: String = "") { (self.words, self.layers) = (words, layers) }

    /// The words that name no layer, and what they stand for.
    package static let parts: [(name: String, doc: String)] = [
        ("embeddings", "tables of words, positions and segments, with their norm"), ("blocks", "all blocks"),
        ("pooler", "BERT's pooler"), ("lm_head", "a language head of its own"),
        ("norms", "every norm"), ("biases", "every bias"), ("all", "everything"),
    ]

    package var description: String {
        let what = words.isEmpty ? ["all"] : words
        return what.joined(separator: ",") + (layers.isEmpty ? "" : " layers=\(layers)")
    }

    /// Tells the tensors by their names, those of adapters too.
    ///
    /// - Throws: `unknown-target`, `bad-layers`.
    package func matcher(for model: any LanguageModel) throws -> @Sendable (String) -> Bool {
        let wanted = try words.map { try Self.matcher(of: $0, in: model) }
        let blocks =
            layers.isEmpty
            ? nil : try LayerSelection(parsing: layers).blocks(of: model.config.blocks)
        return { name in
            if let blocks {
                guard let block = model.blockIndex(of: name), blocks.contains(block) else { return false }
            }
            return wanted.isEmpty || wanted.contains { $0(name) }
        }
    }

    private typealias Matcher = @Sendable (String) -> Bool

    private static func matcher(of word: String, in model: any LanguageModel) throws -> Matcher {
        if let part = partMatcher(of: word, in: model) { return part }
        guard !["head", "classifier", "score"].contains(word) else {
            throw Diagnostic(
                "unknown-target", "the classifier is always trained", about: "what",
                hint: "write lm_head for a language head of its own")
        }
        if word.contains("*") {
            let pieces = word.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
            let prefix = model.taskPrefix
            return { matches($0, pieces) || matches(prefix + $0, pieces) }
        }
        if let blocks = try blockMatcher(of: word, in: model) { return blocks }
        let chosen: [TargetSelection.Chosen]
        do {
            guard word != "auto" else {
                throw Diagnostic("unknown-target", "auto stands for nothing here", about: "what")
            }
            chosen = try TargetSelection([word], layers: nil).chosen(in: model)
        } catch let problem as Diagnostic {
            let known = parts.map(\.name) + TargetSelection.names(in: model)
            throw Diagnostic(
                "unknown-target", problem.message, about: "what",
                hint: closestName(to: word, among: known).map { "did you mean \($0)?" }
                    ?? "write one of \(known.joined(separator: ", ")), blocks such as last:2 or 0-5, or a pattern with *"
            )
        }
        if let third = chosen.first(where: { !$0.thirds.isEmpty }) {
            throw Diagnostic(
                "unknown-target",
                "\(word) is a part of \(third.linear.path), whose weight is one tensor", about: "what",
                hint: "write c_attn, which is all three")
        }
        let paths = chosen.map { $0.linear.path + "." }
        return { name in paths.contains { name.hasPrefix($0) } }
    }

    private static func partMatcher(of word: String, in model: any LanguageModel) -> Matcher? {
        let norms = model.store.norms
        switch word {
        case "all": return { _ in true }
        case "norms": return { norms.contains($0) }
        case "biases": return { $0.hasSuffix(".bias") }
        case "blocks": return { model.blockIndex(of: $0) != nil }
        case "embeddings": return { model.part(of: $0) == .embeddings }
        case "pooler": return { model.part(of: $0) == .pooler }
        case "lm_head": return { model.part(of: $0) == .languageHead }
        default: return nil
        }
    }

    /// `last:2`, `first:2`, `0-5`, `3`; nil for what does not look like blocks.
    private static func blockMatcher(of word: String, in model: any LanguageModel) throws -> Matcher? {
        guard word.contains(":") || word.first?.isNumber == true else { return nil }
        let blocks = try LayerSelection(parsing: word).blocks(of: model.config.blocks)
        return { model.blockIndex(of: $0).map { blocks.contains($0) } ?? false }
    }

    /// Whether a name is the pieces in their order, with anything between them.
    private static func matches(_ name: String, _ pieces: [String]) -> Bool {
        guard let first = pieces.first, let last = pieces.last, name.hasPrefix(first) else { return false }
        var rest = name.dropFirst(first.count)
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let found = rest.firstRange(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return pieces.count == 1 ? rest.isEmpty : rest.hasSuffix(last)
    }
}
