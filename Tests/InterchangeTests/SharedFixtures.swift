import Checkpoints
import Compute
import Foundation
import Interchange
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Training

/// Adapters that PEFT made, on tiny models.
enum SharedFixtures {
    static let adapters = [
        "bert-classes", "bert-patterns", "bert-expression", "llama-writes", "llama3-classes", "gpt2-writes",
        "gpt2-classes", "bert-pissa", "bert-biases", "gpt2-pissa", "gpt2-olora", "llama-tied",
        "bert-kept", "bert-dora", "gpt2-dora", "llama-dora",
        "llama-words", "gpt2-words", "bert-words", "gpt2-tokens", "llama-tokens",
    ]

    /// Tensors of the base that an adapter replaces.
    static let replacedCounts = ["bert-expression": 2, "bert-biases": 18, "llama-tied": 1]

    static func folder(_ name: String) -> String { GoldenFiles.peft(name) }

    static func base(of name: String) throws -> any LanguageModel {
        let json = try JSON(parsing: Data(contentsOf: URL(filePath: folder(name) + "/adapter_config.json")))
        let base = try #require(json["base_model_name_or_path"]?.string)
        return try ModelLoader.load(
            path: base.hasPrefix("bert-") ? folder(base) : GoldenFiles.model(base))
    }

    static func goldenLogits(_ name: String) throws -> [Float] {
        try #require(SafetensorsFile(path: folder(name) + "/golden.st").tensor(named: "logits")).floats()
    }

    static let sequences = GoldenFiles.sequences

    /// Logits of every token, or of the classes.
    static func logits(
        _ model: any LanguageModel, _ tuning: Tuning?, _ head: ClassificationHead?
    ) throws -> [Float] {
        let rows = sequences.enumerated().map { Row(ids: $1, identity: UInt64($0)) }
        let pass = Pass(Layout(rows, under: tuning), under: tuning)
        let h = try model.hiddenStates(Tokens(rows), pass)
        if let head { return try head.logits(h, pass).floats }
        let places = sequences.enumerated().flatMap { sequence, ids in
            ids.indices.map { pass.layout.row(of: $0, in: sequence) }
        }
        return try model.vocabularyLogits(pass.gather(h, rows: places), pass).floats
    }

    /// The head of an opened adapter as its family's reference pools.
    static func head(_ opened: any HeadBearing, on model: any LanguageModel) throws -> ClassificationHead? {
        guard let saved = opened.head else { return nil }
        let head = ClassificationHead(
            for: model, classes: saved.classes, pooling: model.defaultPooling,
            usesPooler: model.pooler != nil, norm: saved.normKind, seed: 0)
        try saved.fill(head, labels: labels(opened))
        return head
    }

    /// The classes by the names that they have, or by made-up ones.
    static func labels(_ opened: any HeadBearing) -> [String] {
        guard let head = opened.head, head.labels.isEmpty, !head.givesNumber else {
            return opened.head?.labels ?? []
        }
        return (0..<head.classes).map { "class \($0)" }
    }

    /// A folder of its own, gone at the end.
    static func temporary<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.path)
    }

    static func largestDifference(_ one: [Float], _ other: [Float]) -> Float {
        one.count == other.count ? zip(one, other).map { abs($0 - $1) }.max() ?? 0 : .infinity
    }
}
