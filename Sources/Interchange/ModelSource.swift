import Checkpoints
import Diagnostics
import Foundation
import JSON
import Models

/// The files that a model was loaded from, as far as a copy of it needs them.
struct ModelSource {
    /// The folder of the weights; nil for a model of random weights.
    let folder: String?
    /// A GGUF file's keys and values.
    private let metadata: JSON?

    init(of model: any LanguageModel) {
        let file = model.store.parameters.lazy.compactMap(\.stored).first?.file.path
        let place = file.map { URL(filePath: $0).standardizedFileURL }
        folder = place?.deletingLastPathComponent().path
        metadata = place.flatMap { file in
            file.pathExtension == "gguf" ? (try? GGUFFile(path: file.path))?.metadata : nil
        }
    }

    /// The source's own config.json; nil when it has none.
    var config: JSON? {
        get throws {
            guard metadata == nil, let folder else { return nil }
            return try ModelLoader.readConfig(beside: folder)
        }
    }

    /// How the model was made to read a dialogue, in Jinja; nil where its files do not say.
    var chatTemplate: String? {
        get throws {
            if let metadata { return metadata["tokenizer.chat_template"]?.string }
            guard let folder else { return nil }
            if let text = FileManager.default.contents(atPath: "\(folder)/chat_template.jinja") {
                return String(decoding: text, as: UTF8.self)
            }
            let path = "\(folder)/tokenizer_config.json"
            guard FileManager.default.fileExists(atPath: path) else { return nil }
            let found = try SharedFolder.json(path)["chat_template"]
            let named = found?.array?.first { $0["name"]?.string == "default" }
            return found?.string ?? named?["template"]?.string
        }
    }

    /// `bos_token_id` and its like, where a GGUF file says them.
    var tokenIDs: [(String, JSON)] {
        [("bos_token_id", "bos"), ("eos_token_id", "eos"), ("pad_token_id", "padding")].compactMap {
            key, name in
            metadata?["tokenizer.ggml.\(name)_token_id"].map { (key, $0) }
        }
    }

    /// Copies the files of the tokenizer and of writing, or makes the tokenizer's from a GGUF file.
    ///
    /// - `made`: those of a model that was not read from files.
    /// - Returns: what could not be written, each a sentence.
    func writeTokenizer(to target: String, made: [String: JSON]) throws -> [String] {
        if let metadata {
            guard let files = GGUFTokenizerFiles(metadata) else {
                return [
                    "the GGUF file's tokenizer is of a kind that is not written: take the original's files"
                ]
            }
            try SharedFolder.write(files.tokenizer, to: "\(target)/tokenizer.json")
            try SharedFolder.write(files.config, to: "\(target)/tokenizer_config.json")
            return []
        }
        guard let folder else {
            for (name, json) in made { try SharedFolder.write(json, to: "\(target)/\(name)") }
            return made.isEmpty
                ? ["this model's tokenizer was not written: the folder cannot be opened without one"] : []
        }
        let names = SharedFolder.tokenizerNames + [SharedFolder.writingName]
        let found = names.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
        for name in found {
            guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") else { continue }
            try SharedFolder.write(bytes, to: "\(target)/\(name)")
        }
        return found.allSatisfy { $0 == SharedFolder.writingName }
            ? ["the model's folder has no tokenizer files"] : []
    }
}
