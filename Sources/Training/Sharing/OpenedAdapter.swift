import Checkpoints
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import Tensors

/// A LoRA adapter read from PEFT's files, ready to be attached to its base model.
package struct OpenedAdapter: TuningMethod, HeadBearing, NoteBearing {
    package static let weightsName = "adapter_model.safetensors"

    package let config: AdapterConfig
    /// nil when another program wrote the folder.
    package let notes: SharingNotes?
    package let head: SavedHead?
    private let layers: [Layer]
    private let whole: [(parameter: String, tensor: StoredTensor)]

    /// One layer's thin matrices, by the base model's path.
    private struct Layer: Sendable {
        let path: String
        let config: LoRAConfig
        let a: StoredTensor
        let b: StoredTensor
    }

    package var name: String { "lora" }

    package var settings: [(name: String, value: String)] {
        [
            ("r", "\(config.lora.r)"), ("alpha", "\(config.lora.alpha)"),
            ("dropout", "\(config.lora.dropout)"), ("layers", "\(layers.count)"),
        ]
    }

    /// Reads a folder and checks every tensor against the model.
    ///
    /// - Throws: `no-adapter`, `bad-adapter`, `unsupported-adapter`, `wrong-base` or `wrong-shape`; the model
    ///   is not touched.
    package init(folder: String, for model: any LanguageModel) throws {
        config = try AdapterConfig(reading: Self.configuration(in: folder))
        notes = try SharingNotes(in: folder)
        let file = try SafetensorsFile(path: "\(folder)/\(Self.weightsName)")
        let parts = try AdapterTensors(file, prefix: model.taskPrefix)
        head = try SavedHead(parts.whole, width: model.config.width, labels: notes?.labels ?? [])
        layers = try Self.layers(parts, config, model)
        whole = try Self.whole(parts, model, head: head)
    }

    package func attach(to model: any LanguageModel, seed: UInt64) throws -> [Learning.Parameter] {
        model.reset()
        replaceAdapters(of: model, seed: seed)
        let changed = whole.compactMap { name, tensor -> Learning.Parameter? in
            guard let parameter = model.store[name] else { return nil }
            let values = parameter.writable()
            tensor.expand(rows: 0..<parameter.rows, into: values.pointer)
            parameter.isTrainable = true
            return parameter
        }
        return model.adapterParameters + changed
    }

    /// Puts the thin matrices in place, and nothing else.
    func replaceAdapters(of model: any LanguageModel, seed: UInt64 = 0) {
        for linear in model.adaptable {
            guard let layer = layers.first(where: { $0.path == linear.path }) else { continue }
            let adapter = LoRA(
                path: linear.path, inputs: linear.inputs, outputs: linear.outputs, config: layer.config,
                seed: seed)
            adapter.a.replace(with: Buffer(layer.a.floats()))
            adapter.b.replace(with: Buffer(layer.b.floats()))
            linear.adapter = adapter
        }
    }

    // MARK: - Checking

    private static func configuration(in folder: String) throws -> JSON {
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
        return try SharedFile.json("\(folder)/\(AdapterConfig.fileName)")
    }

    private static func layers(
        _ parts: AdapterTensors, _ config: AdapterConfig, _ model: any LanguageModel
    ) throws -> [Layer] {
        let known = model.adaptable
        let paths = Set(known.map(\.path))
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
        let wanted = try known.filter {
            try config.matches(model.taskPrefix + $0.path) || config.matches($0.path)
        }
        guard !wanted.isEmpty else {
            throw Diagnostic(
                "wrong-base", "target_modules name no layer of this \(model.config.family)",
                hint: "there are \(TargetSelection.names(in: model).joined(separator: ", "))")
        }
        if let extra = parts.paths.first(where: { path in !wanted.contains { $0.path == path } }) {
            throw Diagnostic(
                "bad-adapter", "the file has matrices for \(extra), which target_modules leave out")
        }
        return try wanted.map { linear in
            let settings = try config.settings(of: model.taskPrefix + linear.path)
            let a = try parts.tensor(.lowRankA(linear.path), [settings.r, linear.inputs])
            let b = try parts.tensor(.lowRankB(linear.path), [linear.outputs, settings.r])
            return Layer(path: linear.path, config: settings, a: a, b: b)
        }
    }

    /// Tensors that stand in for the base model's own (`modules_to_save`, trained biases).
    private static func whole(
        _ parts: AdapterTensors, _ model: any LanguageModel, head: SavedHead?
    ) throws -> [(parameter: String, tensor: StoredTensor)] {
        try parts.whole.sorted { $0.key < $1.key }.compactMap { name, tensor in
            if let head, name == "\(head.name).weight" || name == "\(head.name).bias" { return nil }
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
}
