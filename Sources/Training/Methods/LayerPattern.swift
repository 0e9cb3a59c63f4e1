import Diagnostics
import Learning
import Models

/// Numbers for some of the layers that a method changes, as PEFT's `rank_pattern` has them: `q:16,layers.0.self_attn.v_proj:4`.
struct LayerPattern {
    private let key: String
    private let entries: [(target: String, value: Double)]

    /// - `key`: the setting, each of whose words is a target as `targets` has it, a colon and a number.
    /// - `isWhole`: whether only whole numbers will do; `range`: what they may be.
    /// - Throws: `bad-value` for words that are none of that, or numbers out of range.
    init(_ values: SettingValues, of key: String, isWhole: Bool = false, in range: ClosedRange<Double>) throws
    {
        self.key = key
        // Python's way to write it, {'q': 16}, means the same.
        let words = (values.names(key) ?? []).joined(separator: ",")
            .filter { !"{}'\" ".contains($0) }.split(separator: ",")
        entries = try words.map { word in
            guard let colon = word.lastIndex(of: ":"), colon > word.startIndex,
                let value = Double(word[word.index(after: colon)...])
            else {
                throw Diagnostic(
                    "bad-value", "\(key) \(word) is no layer with a number", about: key,
                    hint: "write \(key)=q:16,v:4")
            }
            guard range.contains(value), !isWhole || value == value.rounded() else {
                let kind = isWhole ? "a whole number" : "a number"
                throw Diagnostic(
                    "bad-value", "\(key) has \(word): expected \(kind) \(Self.text(range))", about: key)
            }
            return (String(word[..<colon]), value)
        }
    }

    private static func text(_ range: ClosedRange<Double>) -> String {
        "\(SettingValue.number(range.lowerBound).text)…\(SettingValue.number(range.upperBound).text)"
    }

    /// By the layer's path: what the first entry that names it says.
    ///
    /// - `chosen`: the paths that there are.
    /// - Throws: `unknown-target` for what names none of these.
    func resolved(among chosen: Set<String>, in model: any LanguageModel) throws -> [String: Double] {
        var numbers: [String: Double] = [:]
        for (target, value) in entries {
            if TargetSelection([target], layers: nil).takingTables.changesWords(of: model),
                chosen.contains(model.wordsPath)
            {
                numbers[model.wordsPath] = numbers[model.wordsPath] ?? value
                continue
            }
            let meant = try layers(called: target, in: model)
            if let part = meant.first(where: { !$0.thirds.isEmpty }) {
                throw Diagnostic(
                    "unknown-target",
                    "\(key) names \(target), a part of \(part.linear.path), whose parts have one number",
                    about: key, hint: "write c_attn:16")
            }
            let paths = meant.map(\.linear.path).filter(chosen.contains)
            guard !paths.isEmpty else {
                throw Diagnostic(
                    "unknown-target", "\(key) names \(target), which is none of the targets", about: key,
                    hint: "name it in targets too")
            }
            for path in paths where numbers[path] == nil { numbers[path] = value }
        }
        return numbers
    }

    private func layers(called target: String, in model: any LanguageModel) throws -> [TargetSelection.Chosen]
    {
        do {
            return try TargetSelection([target], layers: nil).chosen(in: model)
        } catch let problem as Diagnostic {
            throw Diagnostic(problem.code, problem.message, about: key, hint: problem.hint)
        }
    }
}
