import Diagnostics
import Learning
import Models
import Training

extension AdapterConfig {
    /// Whether PEFT would put an adapter on the layer of a task model's path.
    ///
    /// - Throws: `bad-adapter` when an expression can't be read.
    func matches(_ path: String) throws -> Bool {
        if let excluded, try Self.matches(excluded, path) { return false }
        guard !modulesToSave.contains(where: { ".\(path).".contains(".\($0).") }) else { return false }
        if case .expression(let text) = targets, text.lowercased() == "all-linear" { return true }
        guard try Self.matches(targets, path) else { return false }
        guard let layers, case .names = targets else { return true }
        return try block(of: path).map(layers.contains) ?? false
    }

    /// The settings of one layer: the patterns' where one fits, else everyone's.
    func settings(of path: String) throws -> LoRAConfig {
        var settings = lora
        if let rank = try Self.value(of: ranks, at: path) { settings.r = Int(rank) }
        if let alpha = try Self.value(of: alphas, at: path) { settings.alpha = Float(alpha) }
        return settings
    }

    private static func matches(_ targets: Targets, _ path: String) throws -> Bool {
        switch targets {
        case .names(let names): names.contains { path == $0 || path.hasSuffix("." + $0) }
        case .expression(let text): try expression(text).wholeMatch(in: path) != nil
        }
    }

    /// The first number after any name, or after one of `layersPattern`.
    private func block(of path: String) throws -> Int? {
        let parts = path.split(separator: ".").map(String.init)
        for index in parts.indices.dropFirst() {
            guard let number = Int(parts[index]) else { continue }
            if layersPattern.isEmpty || layersPattern.contains(parts[index - 1]) { return number }
        }
        return nil
    }

    private static func value(of patterns: [Pattern], at path: String) throws -> Double? {
        try patterns.first { pattern in
            try expression("(.*\\.)?(\(pattern.path))").wholeMatch(in: path) != nil
        }?.value
    }

    private static func expression(_ text: String) throws -> Regex<AnyRegexOutput> {
        do {
            return try Regex(text)
        } catch {
            throw Diagnostic(
                "bad-adapter", "\(fileName): the expression \(text.prefix(80)) cannot be read: \(error)")
        }
    }
}

extension AdapterConfig {
    /// Says which layers have adapters, as briefly as PEFT reads it without taking others in.
    ///
    /// - `adapted`: (path, settings) of each, by the base model's paths.
    /// - `prefix`: what stands before these paths in PEFT's model.
    mutating func describe(
        _ adapted: [(path: String, config: LoRAConfig)], of model: any LanguageModel, prefix: String
    ) {
        guard let usual = adapted.first?.config else { return }
        lora = usual
        for (path, config) in adapted {
            if config.r != usual.r { ranks.append(Pattern(escaped(path), Double(config.r))) }
            if config.alpha != usual.alpha { alphas.append(Pattern(escaped(path), Double(config.alpha))) }
        }
        let paths = Set(adapted.map(\.path))
        let known = model.adaptable.map(\.path)
        let blocks = Set(adapted.compactMap { model.blockIndex(of: $0.path) })
        let isEverywhere = blocks.count == model.config.blocks
        let inReach = known.filter { path in
            isEverywhere || model.blockIndex(of: path).map(blocks.contains) ?? false
        }
        guard let names = Self.commonNames(of: paths, among: inReach) else {
            targets = .names(paths.sorted().map { prefix + $0 })
            return
        }
        targets = .names(names)
        layers = isEverywhere || blocks.isEmpty ? nil : blocks.sorted()
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

    private func escaped(_ path: String) -> String { path.replacing(".", with: "\\.") }
}
