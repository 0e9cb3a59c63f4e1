import Checkpoints
import Diagnostics
import Foundation
import JSON
import Tensors

/// Builds a model from a folder or file of the reference's formats.
package enum ModelLoader {
    /// - `path`: a folder with config.json and safetensors, or a .gguf file.
    /// - `precision`: nil picks f32 where it fits in memory, else native.
    /// - Throws: what is missing, unsupported or too large, before anything large is allocated.
    package static func load(path: String, precision: Precision? = nil) throws -> any LanguageModel {
        try open(path: path, precision: precision).model
    }

    /// As `load`, with the precision that was chosen.
    package static func open(
        path: String, precision: Precision? = nil
    ) throws -> (model: any LanguageModel, precision: Precision) {
        try BLAS.prepare()
        let checkpoint = try CheckpointFolder.open(path: path)
        let (family, config, naming) = try describe(checkpoint, path: path)
        let chosen = try precision ?? choosePrecision(checkpoint)
        if chosen == .f32 { try checkMemory(checkpoint) }
        let store = ParameterStore(checkpoint, naming: naming, precision: chosen)
        return (try family.make(config, store), chosen)
    }

    /// The configuration alone: cheap, for a plan or a message.
    package static func config(path: String) throws -> ModelConfig {
        try describe(CheckpointFolder.open(path: path), path: path).config
    }

    private static func describe(
        _ checkpoint: any Checkpoint, path: String
    ) throws -> (family: ModelFamily, config: ModelConfig, naming: any TensorNaming) {
        if let architecture = checkpoint.metadata["general.architecture"]?.string {
            guard architecture == "llama", let family = ModelRegistry.family(named: "llama") else {
                throw unsupported(architecture, in: "GGUF files", known: ["llama"])
            }
            let reader = ConfigReader(json: checkpoint.metadata, source: "the GGUF header")
            var config = try ModelConfig.ggufLlama(reader) { checkpoint.tensor(named: $0)?.shape }
            config.padding = checkpoint.metadata["tokenizer.ggml.padding_token_id"]?.integer
                .flatMap(Int32.init(exactly:))
            return (family, config, GGUFLlamaNaming(heads: config.heads, keyValueHeads: config.keyValueHeads))
        }
        let json = try readConfig(beside: path)
        let kind = json["model_type"]?.string ?? ""
        guard let family = ModelRegistry.family(named: kind) else {
            throw unsupported(
                kind.isEmpty ? "no model_type" : kind, in: "config.json",
                known: ModelRegistry.families.map(\.name))
        }
        var config = try family.config(ConfigReader(json: json, source: "config.json"))
        config.padding = json["pad_token_id"]?.integer.flatMap(Int32.init(exactly:))
        return (family, config, ReferenceNaming(prefix: family.prefix))
    }

    package static func readConfig(beside path: String) throws -> JSON {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        let folder = isFolder.boolValue ? path : (path as NSString).deletingLastPathComponent
        let file = "\(folder)/config.json"
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw Diagnostic(
                "no-config", "there is no \(file)",
                hint: "the weights need the config.json that came with them")
        }
        do {
            return try JSON(parsing: bytes)
        } catch let problem as Diagnostic {
            throw Diagnostic(problem.code, "\(file): \(problem.message)")
        }
    }

    private static func unsupported(_ found: String, in place: String, known: [String]) -> Diagnostic {
        Diagnostic(
            "unsupported-model", "\(place): the architecture \(found.prefix(60)) is not supported",
            hint: "supported: \(known.joined(separator: ", "))")
    }

    private static func choosePrecision(_ checkpoint: any Checkpoint) throws -> Precision {
        guard let available = SystemMemory.available else { return .f32 }
        // Twice the weights leaves room for activations and an optimizer of adapters.
        return 2 * floatBytes(checkpoint) < available ? .f32 : .native
    }

    private static func checkMemory(_ checkpoint: any Checkpoint) throws {
        guard let available = SystemMemory.available else { return }
        let needed = floatBytes(checkpoint)
        guard needed < available else {
            throw Diagnostic(
                "no-memory", "the weights need \(needed >> 20) MiB as f32, \(available >> 20) MiB are free",
                hint: "try precision=native, which keeps them as stored")
        }
    }

    private static func floatBytes(_ checkpoint: any Checkpoint) -> Int {
        var total = 0
        for name in checkpoint.names {
            guard let tensor = checkpoint.tensor(named: name) else { continue }
            total += tensor.format == .f32 ? 0 : tensor.elementCount * 4
        }
        return total
    }
}
