import Checkpoints
import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Tokenizers
import Training

/// The tiny models of make_gguf.py, and what llama.cpp's converter writes of them.
enum ExportFixtures {
    static let models = ["llama", "llama3", "gpt2"]

    static func folder(_ name: String) -> String { GoldenFiles.folder.appending(path: "gguf/\(name)").path }

    static func loaded(_ name: String, precision: Precision = .f32) throws -> LoadedModel {
        try loaded(at: folder(name), precision: precision)
    }

    static func loaded(at path: String, precision: Precision = .f32) throws -> LoadedModel {
        let isGGUF = path.hasSuffix(".gguf")
        return LoadedModel(
            name: path, source: path, model: try ModelLoader.load(path: path, precision: precision),
            tokenizer: isGGUF
                ? try TokenizerLoader.load(ggufMetadata: GGUFFile(path: path).metadata)
                : try TokenizerLoader.load(folder: path), request: ModelRequest(name: path, seed: 0))
    }

    static func expected(_ name: String) throws -> JSON {
        try JSON(parsing: Data(contentsOf: URL(filePath: folder(name) + "/expected.json")))
    }

    /// LoRA on every layer of the blocks, both matrices by a formula.
    static func lora(on loaded: LoadedModel, _ settings: [String: SettingValue] = [:]) throws -> Tuning {
        let method = try LowRankMethod(
            settings.merging(["r": .count(3), "targets": .names(["all-linear"])]) { one, _ in one })
        let tuning = try AttachedMethod(method, to: loaded, seed: 1).tuning
        for (index, parameter) in tuning.trainedParameters.enumerated() {
            parameter.fill(scale: 0.3, phase: Double(index))
        }
        return tuning
    }
}
