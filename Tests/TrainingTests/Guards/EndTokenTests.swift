import Compute
import Datasets
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Tokenizers

@testable import Training

/// Padding that is the end token: elsewhere its label is masked with the padding, and no end is ever learned.
@Suite struct EndTokenTests {
    /// The tiny LLaMA, whose config.json says so.
    private func model(padding: Int) throws -> any LanguageModel {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try FileManager.default.copyItem(atPath: GoldenFiles.model("llama"), toPath: folder.path)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "config.json")
        var json = try #require(JSON(parsing: Data(contentsOf: file)).object)
        (json["pad_token_id"], json["eos_token_id"]) = (.integer(padding), 2)
        try Data(JSON.object(json).text().utf8).write(to: file)
        return try ModelLoader.load(path: folder.path)
    }

    /// The tiny LLaMA's tokenizer, whose tokenizer_config.json says so.
    private func tokenizer() throws -> any Tokenizer {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try FileManager.default.copyItem(
            at: GoldenFiles.folder.appending(path: "tokenizers/llama"), to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "tokenizer_config.json")
        var json = (try? JSON(parsing: Data(contentsOf: file)).object) ?? [:]
        (json["eos_token"], json["pad_token"]) = ("</s>", "</s>")
        try Data(JSON.object(json).text().utf8).write(to: file)
        return try TokenizerLoader.load(folder: folder.path)
    }

    @Test func bothAreReadWhereTheyAreOne() throws {
        #expect(try model(padding: 2).config.padding == 2)
        let special = try tokenizer().special
        #expect(special.pad == 2 && special.eos == 2)
        var metadata = try #require(
            JSON(
                parsing: Data(
                    contentsOf: GoldenFiles.folder.appending(path: "tokenizers/sentencepiece-gguf.json"))
            ).object)
        metadata["tokenizer.ggml.eos_token_id"] = 2
        metadata["tokenizer.ggml.padding_token_id"] = 2
        let gguf = try TokenizerLoader.load(ggufMetadata: .object(metadata)).special
        #expect(gguf.pad == 2 && gguf.eos == 2)
    }

    private func writing(
        _ model: any LanguageModel, _ words: (any Tokenizer)? = nil
    ) throws -> AnswerWriting {
        try AnswerWriting(
            model: model, tokenizer: words ?? tokenizer(), labels: ["bad", "good"],
            template: TemplateRegistry.named("plain"), maxLength: 60)
    }

    /// The same rows, targets and weights whether the padding is the end token or another.
    @Test func theEndKeepsItsLabel() throws {
        let (same, other) = (try writing(model(padding: 2)), try writing(model(padding: 0)))
        for label in [0, 1] {
            let example = Example(text: "a film", label: label, id: label)
            let encoded = try same.encoder.encode(example, nil)
            #expect(try encoded == other.encoder.encode(example, nil))
            let row = try #require(encoded.rows.first)
            #expect(row.ids.last == 2 && row.learned.last?.target == .label(2))
            #expect(row.learned.last?.weight == 1 && row.learned.last?.place == row.ids.count - 2)
        }
        #expect(same.remarks.isEmpty)
    }

    /// And it is learned: after some updates the end follows the word more surely than before.
    @Test func theEndIsLearned() throws {
        let model = try model(padding: 2)
        let task = try writing(model, WordNumbers())
        let examples = try (0..<8).map {
            try task.encoder.encode(Example(text: "a film \($0)", label: $0 % 2, id: $0), nil)
        }
        let workers = Workers(count: 1)
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.lr) = (8, 30, 1e-2)
        let trainer = try Trainer(
            model: model, task: task, tuning: LowRankMethod().tuning(of: model, seed: 2), examples: examples,
            settings: settings, workers: workers)
        func lossOfEnds() throws -> Double {
            let ends = examples.map { example -> EncodedExample in
                var end = example
                end.rows[0].learned = example.rows[0].learned.suffix(1)
                return end
            }
            let rows = ends.flatMap(\.rows)
            try trainer.tuning.prepare(over: model)
            let pass = Pass(Layout(rows, under: trainer.tuning), under: trainer.tuning)
            let outputs = try task.readout.outputs(
                model.hiddenStates(Tokens(rows), pass), rows, model: model, pass)
            let labels = rows.flatMap { $0.learned.map { Int32($0.target?.label ?? -1) } }
            #expect(labels == [Int32](repeating: 2, count: 8))
            return CrossEntropy.losses(of: outputs, labels: labels).reduce(0) { $0 + Double($1) } / 8
        }
        let before = try lossOfEnds()
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        let after = try lossOfEnds()
        #expect(after < 0.5 * before, "\(before) to \(after)")
    }

    @Test func aTokenizerWithoutAnEndSaysSo() throws {
        struct Endless: Tokenizer {
            let inner = WordNumbers()
            var vocabularySize: Int { inner.vocabularySize }
            var special: SpecialTokens { SpecialTokens() }
            var template: Template { inner.template }
            func encode(_ text: String) -> [Int32] { inner.encode(text) }
            func decode(_ ids: [Int32], skippingSpecialTokens: Bool) -> String { "" }
            func id(of token: String) -> Int32? { nil }
            func token(of id: Int32) -> String? { nil }
        }
        let task = try AnswerWriting(
            model: model(padding: 2), tokenizer: Endless(), labels: ["bad", "good"],
            template: TemplateRegistry.named("plain"), maxLength: 60)
        #expect(task.remarks == ["the tokenizer names no end token: answers are learned without an end"])
        let row = try #require(
            try task.encoder.encode(Example(text: "a film", label: 0, id: 0), nil).rows.first)
        #expect(row.learned.count == 1)
    }
}
