import Checkpoints
import Compute
import Diagnostics
import Foundation
import JSON

/// Builds a model from a folder or file of the reference's formats.
package enum ModelLoader {
    /// A model, and what is worth telling of its files.
    package struct Opened {
        package let model: any LanguageModel
        package let precision: Precision
        /// Keys that the files have and the person goes on without.
        package let ignored: [String]
        /// Blocks of the files that the person goes without.
        package let cutBlocks: Int
        /// Tensors that belong to no part of the model: another task's head.
        package let leftOut: [String]
        /// Whether tensors of the model's own are left out too, as the person wants (`ignore=tensors`).
        package let goesWithoutTensors: Bool
    }

    /// - `path`: a folder with config.json and safetensors, or a .gguf file.
    /// - `precision`: nil picks f32 where it fits in memory, else native.
    /// - `blocks`: how many of the first blocks are taken; nil for all.
    /// - `ignoring`: keys that the person goes on without (`ignore=KEY`).
    /// - Throws: what is missing, unsupported or too large, before anything large is allocated.
    package static func load(
        path: String, precision: Precision? = nil, blocks: Int? = nil, ignoring: Set<String> = []
    ) throws -> any LanguageModel {
        try open(path: path, precision: precision, blocks: blocks, ignoring: ignoring).model
    }

    /// As `load`, with the precision that was chosen and what was passed over.
    package static func open(
        path: String, precision: Precision? = nil, blocks: Int? = nil, ignoring: Set<String> = []
    ) throws -> Opened {
        try open(
            CheckpointFolder.open(path: path), at: path, precision: precision, blocks: blocks,
            ignoring: ignoring)
    }

    /// The model of a GGUF file that is open already, under whatever name.
    package static func load(_ file: GGUFFile, precision: Precision) throws -> any LanguageModel {
        try open(file, at: "", precision: precision, blocks: nil, ignoring: []).model
    }

    private static func open(
        _ checkpoint: any Checkpoint, at path: String, precision: Precision?, blocks: Int?,
        ignoring: Set<String>
    ) throws -> Opened {
        try BLAS.prepare()
        let found = try describe(checkpoint, path: path, ignoring: ignoring)
        let chosen = try precision ?? choosePrecision(checkpoint, blocks: blocks)
        if chosen == .nf4, found.quantisation != nil { throw quantisedAlready }
        try MemoryNeed(of: checkpoint, as: chosen, blocks: blocks).check()
        let store = ParameterStore(checkpoint, naming: found.naming, precision: chosen)
        var config = found.config
        config.blocks = try blocks.map { try $0.asBlocks(of: config.blocks) } ?? config.blocks
        let model = try found.family.make(config, store)
        try found.quantisation?.check(store)
        let cut = config.blocks..<found.config.blocks
        let unread = UnreadTensors(
            of: store, prefix: found.naming.prefix, without: names(of: cut, in: model, found.naming))
        return Opened(
            model: model, precision: chosen, ignored: found.ignored, cutBlocks: cut.count,
            leftOut: try unread.leftOut(ignoring: ignoring), goesWithoutTensors: !unread.own.isEmpty)
    }

    /// What a file calls the tensors of further blocks like the first.
    private static func names(
        of blocks: Range<Int>, in model: any LanguageModel, _ naming: any TensorNaming
    ) -> Set<String> {
        let first = model.store.parameters.map(\.name).filter { model.blockIndex(of: $0) == 0 }
        return Set(
            blocks.flatMap { block in
                first.flatMap {
                    naming.candidates(for: $0.replacing(".0.", with: ".\(block).", maxReplacements: 1))
                }.flatMap { [$0] + FourBitTensor.companions(of: $0) }
            })
    }

    /// The configuration alone: cheap, for a plan or a message.
    package static func config(path: String) throws -> ModelConfig {
        try describe(CheckpointFolder.open(path: path), path: path, ignoring: []).config
    }

    /// What the files say, before a weight is read.
    private struct Description {
        let family: ModelFamily
        let config: ModelConfig
        let naming: any TensorNaming
        let ignored: [String]
        /// How the file's weights are quantised, by its config.json's word.
        var quantisation: QuantisationConfig?
    }

    private static func describe(
        _ checkpoint: any Checkpoint, path: String, ignoring: Set<String>
    ) throws -> Description {
        if let architecture = checkpoint.metadata["general.architecture"]?.string {
            guard let family = ModelRegistry.family(ofGGUF: architecture), let gguf = family.gguf else {
                let known = ModelRegistry.families.compactMap(\.gguf?.architecture)
                throw unsupported(architecture, in: "GGUF files", known: known)
            }
            let header = JSONObject(
                (checkpoint.metadata.object ?? [:]).filter { !$0.key.hasPrefix("tokenizer.") }.map {
                    ($0, $1)
                })
            let reader = try reader(.object(header), gguf.keys, ignoring)
            var config = try gguf.config(reader, checkpoint)
            config.padding = checkpoint.metadata["tokenizer.ggml.padding_token_id"]?.integer
                .flatMap(Int32.init(exactly:))
            return Description(
                family: family, config: config, naming: gguf.naming(config),
                ignored: gone(from: .object(header), in: reader))
        }
        let json = try readConfig(beside: path)
        let kind = json["model_type"]?.string ?? ""
        let known = ModelRegistry.families.map(\.name)
        guard !kind.isEmpty else {
            throw Diagnostic(
                "unsupported-model", "config.json has no model_type, which says the architecture",
                hint: "is it a model's own? supported: \(known.joined(separator: ", "))")
        }
        guard let family = ModelRegistry.family(named: kind) else {
            throw unsupported(kind, in: "config.json", known: known)
        }
        let reader = try reader(json, family.keys, ignoring)
        _ = try family.task(of: reader.json)
        var config = try family.config(reader)
        config.padding = try reader.token("pad_token_id")
        return Description(
            family: family, config: config,
            naming: ReferenceNaming(prefix: family.prefix), ignored: gone(from: json, in: reader),
            quantisation: try QuantisationConfig(of: reader.json, ignoring: ignoring))
    }

    /// Every key is looked at before the first is read.
    private static func reader(
        _ json: JSON, _ keys: KeyDecisions, _ ignoring: Set<String>
    ) throws -> ConfigReader {
        try keys.check(json, ignoring: ignoring)
        return ConfigReader(json: keys.without(ignoring, json), source: keys.file, ignored: ignoring)
    }

    private static func gone(from json: JSON, in reader: ConfigReader) -> [String] {
        let nested = (json.object ?? [:]).flatMap { key, value in
            (value.object ?? [:]).keys.map { "\(key).\($0)" }.filter(reader.ignored.contains)
        }
        return (json.object ?? [:]).keys.filter { reader.json[$0] == nil } + nested
    }

    /// The folder that a path means: its own, or the one that the file lies in.
    package static func folder(of path: String) -> String {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        return isFolder.boolValue ? path : (path as NSString).deletingLastPathComponent
    }

    package static func readConfig(beside path: String) throws -> JSON {
        let file = "\(folder(of: path))/config.json"
        guard FileManager.default.fileExists(atPath: file) else {
            throw Diagnostic(
                "no-config", "there is no \(file)",
                hint: "the weights need the config.json that came with them")
        }
        return try JSON(file: file)
    }

    private static func unsupported(_ found: String, in place: String, known: [String]) -> Diagnostic {
        Diagnostic(
            "unsupported-model", "\(place): the architecture \(found.prefix(60)) is not supported",
            hint: "supported: \(known.joined(separator: ", "))")
    }

    private static func choosePrecision(_ checkpoint: any Checkpoint, blocks: Int?) throws -> Precision {
        guard let available = SystemMemory.available else { return .f32 }
        // Twice the weights leaves room for activations and an optimizer of adapters.
        return 2 * MemoryNeed(of: checkpoint, as: .f32, blocks: blocks).byteCount < available ? .f32 : .native
    }

    private static var quantisedAlready: Diagnostic {
        Diagnostic(
            "quantised-already", "the model's weights are stored in four bits already",
            hint: "precision=native keeps them so, precision=f32 expands them")
    }
}
