import Diagnostics
import Learning
import Models
import Training

extension AdapterConfig {
    /// Whether PEFT would change the layer of a task model's path.
    ///
    /// - Throws: `bad-adapter` when an expression can't be read.
    func matches(_ path: String) throws -> Bool {
        if let excluded, try excluded.matches(path) { return false }
        guard !modulesToSave.contains(where: { ".\(path).".contains(".\($0).") }) else { return false }
        if case .expression(let text) = targets, text.lowercased() == "all-linear" { return true }
        guard try targets.matches(path) else { return false }
        guard let layers, case .names = targets else { return true }
        return block(of: path).map(layers.contains) ?? false
    }

    /// The first number after any name, or after one of `layersPattern`.
    private func block(of path: String) -> Int? {
        let parts = path.split(separator: ".").map(String.init)
        for index in parts.indices.dropFirst() {
            guard let number = Int(parts[index]) else { continue }
            if layersPattern.isEmpty || layersPattern.contains(parts[index - 1]) { return number }
        }
        return nil
    }
}

/// Which layers a tuning changes, as briefly as PEFT reads it without taking others in.
struct WrittenTargets {
    private(set) var names: [String]
    /// Nil for all blocks.
    private(set) var layers: [Int]?

    /// - `paths`: of the layers, by the base model's paths.
    /// - `prefix`: what stands before these paths in PEFT's model.
    /// - `canNameBlocks`: whether the method's file has a key for that.
    init(_ paths: Set<String>, of model: any LanguageModel, prefix: String, canNameBlocks: Bool) {
        let known = model.adaptable.map(\.path)
        let blocks = Set(paths.compactMap { model.blockIndex(of: $0) })
        let isEverywhere = blocks.count == model.config.blocks
        let inReach = known.filter { path in
            isEverywhere || !canNameBlocks || model.blockIndex(of: path).map(blocks.contains) ?? false
        }
        let common = Self.commonNames(of: paths, among: inReach)
        names = common ?? paths.sorted().map { prefix + $0 }
        let isOfAll = common == nil || isEverywhere || !canNameBlocks || blocks.isEmpty
        layers = isOfAll ? nil : blocks.sorted()
    }

    /// Each layer by its whole path.
    init(whole paths: Set<String>, prefix: String) {
        names = paths.sorted().map { prefix + $0 }
        layers = nil
    }

    /// The shortest ends of paths that match just the wanted ones; nil when there are none.
    private static func commonNames(of wanted: Set<String>, among known: [String]) -> [String]? {
        var names: [String] = []
        for path in known where wanted.contains(path) {
            guard !names.contains(where: { path.hasSuffix("." + $0) }) else { continue }
            let parts = path.split(separator: ".")
            let fitting = (1..<parts.count).lazy.map { parts.suffix($0).joined(separator: ".") }.first {
                end in
                Int(end.split(separator: ".")[0]) == nil
                    && known.allSatisfy { !$0.hasSuffix("." + end) || wanted.contains($0) }
            }
            guard let fitting, !fitting.split(separator: ".").contains(where: { Int($0) != nil }) else {
                return nil
            }
            names.append(fitting)
        }
        return names
    }
}
