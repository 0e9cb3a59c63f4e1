import Checkpoints
import Compute
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import Training

/// What an adapter's files must be to fit a model.
extension OpenedAdapter {
    static func configuration(in folder: String) throws -> JSON {
        let files = FileManager.default
        guard files.fileExists(atPath: "\(folder)/\(AdapterConfig.fileName)") else {
            throw Diagnostic(
                "no-adapter", "\(folder) holds no \(AdapterConfig.fileName)",
                hint: "open wants a folder that save or PEFT wrote")
        }
        guard files.fileExists(atPath: "\(folder)/\(weightsName)") else {
            let isPickled = files.fileExists(atPath: "\(folder)/adapter_model.bin")
            throw Diagnostic(
                "no-adapter", "\(folder) holds no \(weightsName)",
                hint: isPickled ? "adapter_model.bin can run code: convert it to safetensors" : nil)
        }
        return try SharedFolder.json("\(folder)/\(AdapterConfig.fileName)")
    }

    /// - Throws: `unknown-key` for one that no file has: going on without it would change nothing.
    static func checkIgnored(
        _ ignored: [String], in folder: String, _ json: JSON, _ file: SafetensorsFile, _ config: AdapterConfig
    ) throws {
        let format = type(of: config.format)
        let kinds = file.tensors.compactMap { tensor -> String? in
            if case .unsupported(let kind) = AdapterTensorName(tensor.name, of: format) {
                kind
            } else {
                nil
            }
        }
        let known = IgnoredKeys.names(in: json).union(kinds).union(SharingNotes.keys(in: folder))
        try IgnoredKeys.require(Set(ignored), among: known, of: "the adapter's files")
    }

    /// The changed layers; none where the method changes none.
    static func layers(
        _ parts: AdapterTensors, _ config: AdapterConfig, _ model: any LanguageModel, thirds: [Int]
    ) throws -> [(path: String, hook: any LinearHook)] {
        guard let format = config.format as? any PEFTLayerFormat else { return [] }
        let known = model.adaptable
        let paths = Set(known.map(\.path) + (type(of: format).tableNames.isEmpty ? [] : [model.wordsPath]))
        let strangers = parts.paths.filter { !paths.contains($0) }
        if let stranger = strangers.first {
            let base = config.baseModel.map { ", it was made for \($0)" } ?? ""
            let near = closestName(to: stranger, among: known.map(\.path)) ?? known.first?.path ?? "nothing"
            throw Diagnostic(
                "wrong-base",
                "the adapter changes \(strangers.count) of \(parts.paths.count) layers that this "
                    + "\(model.config.family) has not, such as \(stranger)\(base)",
                hint: "the model has \(near): load the adapter's own base model")
        }
        // Adapters of models without a task's head name their layers without its prefix.
        // All linear layers are those of the blocks: a head has to be named.
        let isAll = config.targets == .expression("all-linear")
        let wanted = try known.filter {
            guard !isAll || model.part(of: $0.path) != .languageHead else { return false }
            return try config.matches(model.taskPrefix + $0.path) || config.matches($0.path)
        }
        guard try !wanted.isEmpty || changesWords(config, of: model) else {
            throw Diagnostic(
                "wrong-base", "target_modules name no layer of this \(model.config.family)",
                hint: "there are \(TargetSelection.names(in: model).joined(separator: ", "))")
        }
        let isWordsWanted = try format.changesTable || changesWords(config, of: model)
        let extra = parts.paths.first { path in
            path == model.wordsPath ? !isWordsWanted : !wanted.contains { $0.path == path }
        }
        if let extra {
            throw Diagnostic(
                "bad-adapter", "the file has tensors for \(extra), which target_modules leave out")
        }
        let roles = ModelRegistry.family(named: model.config.family).map { Array($0.roles.values) } ?? []
        return try wanted.map { linear in
            let isFused = roles.contains { $0.third != nil && $0.matches(linear.path) }
            let layer = PEFTLayer(
                linear, path: model.taskPrefix + linear.path, thirds: isFused ? thirds : [],
                names: parts.names(of: linear.path), shared: parts.shared
            ) { try parts.tensor($0, of: linear.path, $1) }
            return (linear.path, try format.hook(of: layer))
        }
    }

    /// Whether the words' table is one of the targets.
    private static func changesWords(_ config: AdapterConfig, of model: any LanguageModel) throws -> Bool {
        guard config.targets != .expression("all-linear") else { return false }
        return try config.matches(model.taskPrefix + model.wordsPath)
    }

    /// PEFT saves embeddings' own weights with their changes, in case they were resized: they must be the model's.
    static func requireBase(_ weights: [String: StoredTensor], of model: any LanguageModel) throws {
        for (path, tensor) in weights.sorted(by: { $0.key < $1.key }) {
            let own = model.store["\(path).weight"] ?? (path == model.languageHead?.path ? model.words : nil)
            guard let own, own.shape == tensor.shape,
                own.values().floats.prefix(own.count) == tensor.floats()[...]
            else {
                throw Diagnostic(
                    "wrong-base",
                    "the adapter was saved with its base's own \(path), which is another than this model's",
                    hint:
                        "was its vocabulary resized, or the model loaded at another precision? load the base that it was made on"
                )
            }
        }
    }

    /// What becomes of words; nil where nothing does.
    static func table(
        _ parts: AdapterTensors, _ config: AdapterConfig, _ model: any LanguageModel
    ) throws -> (any TableHook)? {
        guard let format = config.format as? any PEFTLayerFormat,
            try format.changesTable || changesWords(config, of: model)
        else { return nil }
        let path = model.wordsPath
        let hook = try format.hook(ofTable: model.words, path: path) { try parts.tensor($0, of: path, $1) }
        guard let hook else {
            throw Diagnostic(
                "unsupported-adapter", "\(path) is a table, which \(type(of: format).name) changes not here")
        }
        return hook
    }

    /// Tensors that stand in for the base model's own (`modules_to_save`, trained biases).
    static func whole(
        _ tensors: [String: StoredTensor], _ model: any LanguageModel, head: SavedHead?
    ) throws -> [(parameter: String, tensor: StoredTensor)] {
        try tensors.sorted { $0.key < $1.key }.compactMap { name, tensor in
            if let head, head.tensorNames.contains(name) { return nil }
            guard let parameter = model.store[name] else {
                throw Diagnostic(
                    "wrong-base", "the adapter replaces \(name), which this \(model.config.family) has not",
                    hint: closestName(to: name, among: model.store.parameters.map(\.name)).map {
                        "the nearest name in the model is \($0)"
                    })
            }
            guard tensor.shape == parameter.shape else {
                throw Diagnostic(
                    "wrong-shape",
                    "tensor \(tensor.name) has the shape \(tensor.shape), the model's is \(parameter.shape)",
                    hint: "was the adapter made for another base model?")
            }
            return (name, tensor)
        }
    }

    /// Takes out the head that a tied table stands for as well.
    ///
    /// PEFT trains a copy of one of the two; the other keeps the base's numbers unless it is told to tie them.
    ///
    /// - Throws: `unsupported-key` where the two are no longer one.
    static func withoutTied(
        _ tensors: [String: StoredTensor], _ config: AdapterConfig, _ model: any LanguageModel,
        hasClassifier: Bool
    ) throws -> [String: StoredTensor] {
        guard let tied = model.tiedTable else { return tensors }
        var tensors = tensors
        let (table, head) = (tensors[tied.table], tensors.removeValue(forKey: tied.head))
        // A classifier takes the head's place, and nothing is above a bare model.
        let isHeadless = hasClassifier || config.task == "FEATURE_EXTRACTION"
        switch (table, head) {
        case (nil, nil): return tensors
        case (_?, nil) where isHeadless: return tensors
        case (let table?, let head?) where table.shape == head.shape && table.floats() == head.floats():
            return tensors
        default:
            let (one, other) = table == nil ? (tied.head, tied.table) : (tied.table, tied.head)
            throw Diagnostic(
                "unsupported-key",
                "\(AdapterConfig.fileName): modules_to_save changes \(one) and leaves \(other), "
                    + "which is the same tensor in this \(model.config.family)",
                hint: "PEFT trains both as one with ensure_weight_tying=True")
        }
    }
}
