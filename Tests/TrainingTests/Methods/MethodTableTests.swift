import Foundation
import Learning
import Models
import Testing
import Training

/// The table of docs/methods.md is what the methods are: how many values each trains of published shapes, whether it
/// begins as the base, and how it is saved.
///
/// `LORIKEET_WRITE=1 swift test --filter MethodTableTests` writes it anew.
@Suite struct MethodTableTests {
    private static let shapes = [
        ("bert", "BERT-base"), ("gpt2", "GPT-2 small"), ("smollm2", "SmolLM2-135M"), ("llama2", "LLaMA-2 7B"),
    ]

    /// As a cell has them; every method of the registry has a row.
    private static let lines = [
        "full", "last", "last n=2", "head", "bitfit", "norms", "hft", "lora", "lora r=1", "lora r=4",
        "lora r=32", "lora layers=last:6", "lora targets=all-linear r=16", "lora dora=yes", "ia3", "vera",
        "prompt_tuning tokens=8", "prompt_tuning tokens=25", "prompt_tuning tokens=80",
        "prefix_tuning tokens=20", "reft", "reft r=1 share=yes",
    ]

    private static func method(_ line: String) throws -> any Method {
        let words = line.split(separator: " ").map(String.init)
        let kind = try #require(MethodRegistry.all.first { $0.declaration.name == words[0] })
        var given: [String: SettingValue] = [:]
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let declared = try #require(kind.declaration.settings.first { $0.name == parts[0] })
            let values: [SettingValue] = [
                Int(parts[1]).map { .count($0) }, parts[1] == "yes" ? .flag(true) : nil, .names([parts[1]]),
                .word(parts[1]),
            ].compactMap(\.self)
            given[parts[0]] = try #require(values.first { declared.accepts($0) })
        }
        return try kind.init(given)
    }

    private static func digits(_ count: Int) -> String {
        var text = "\(count)"
        var place = text.count - 3
        while place > 0 {
            text.insert(",", at: text.index(text.startIndex, offsetBy: place))
            place -= 3
        }
        return text
    }

    private static func written() throws -> String {
        var cells = lines.map { ["`\($0)`"] }
        var begins = [Bool](repeating: true, count: lines.count)
        for (name, _) in shapes {
            try ShapedModels.with(name) { model in
                for (row, line) in lines.enumerated() {
                    // A copy of 7B is more memory than a test may take.
                    if name == "llama2", ["full", "hft"].contains(line) {
                        cells[row].append(digits(model.trainable.reduce(0) { $0 + $1.count }))
                        continue
                    }
                    let tuning = try? method(line).tuning(of: model, seed: 1)
                    let count = tuning.map { $0.trainedParameters.reduce(0) { $0 + $1.count } }
                    cells[row].append(count.map(digits) ?? "refused")
                    begins[row] = begins[row] && !(tuning?.beginsElsewhere ?? false)
                }
            }
        }
        for (row, line) in lines.enumerated() {
            let method = try method(line)
            cells[row].append(begins[row] ? "yes" : "no")
            cells[row].append(method.peft.map { "PEFT's `\($0.peftType)`" } ?? "\(saved(method))")
        }
        let head = ["method"] + shapes.map(\.1) + ["begins as the base", "saved as"]
        let rows = [head, [":---"] + shapes.map { _ in "---:" } + [":---", ":---"]] + cells
        return rows.map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
    }

    private static func saved(_ method: any Method) -> String {
        method.isSavedWhole ? "Transformers' whole model" : "pyreft's tensors"
    }

    @Test func theTableOfTheDocumentsIsTrue() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/methods.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let (start, end) = ("<!-- table of methods -->\n", "\n<!-- end -->")
        let from = try #require(text.range(of: start)?.upperBound)
        let to = try #require(text.range(of: end)?.lowerBound)
        let table = try Self.written()
        if ProcessInfo.processInfo.environment["LORIKEET_WRITE"] != nil {
            try text.replacingCharacters(in: from..<to, with: table).write(
                to: file, atomically: true, encoding: .utf8)
            return
        }
        #expect(text[from..<to] == table, "LORIKEET_WRITE=1 writes it anew")
    }

    @Test func everyMethodHasARow() {
        let named = Set(Self.lines.compactMap { $0.split(separator: " ").first.map(String.init) })
        for method in MethodRegistry.all { #expect(named.contains(method.declaration.name)) }
    }
}
