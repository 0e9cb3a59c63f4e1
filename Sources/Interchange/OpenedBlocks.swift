import Checkpoints
import Compute
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import Training

/// A tuning of what blocks give, read from a folder and checked against its base model.
package struct OpenedBlocks: TuningSource, HeadBearing, NoteBearing {
    package let notes: SharingNotes?
    package let head: SavedHead?
    package let maskedHead: SavedMaskedHead?
    private let format: any BlockFormat
    private let hooks: [Int: any BlockHook]
    /// Tensors that stand in for the base's.
    private let whole: [(parameter: String, tensor: StoredTensor)]
    private let ignored: [String]
    private let baseDifference: BaseDifference?

    package var declaration: MethodDeclaration { type(of: format).method.declaration }
    package var values: SettingValues { format.values }
    package var peft: (any PEFTFormat.Type)? { nil }
    package var blockFormat: (any BlockFormat.Type)? { type(of: format) }

    /// What should be known of it, each a sentence.
    package var remarks: [String] {
        var remarks = format.remarks + (notes?.changeRemarks ?? [])
        if let baseDifference { remarks.append(baseDifference.remark) }
        if !ignored.isEmpty {
            remarks.append(
                "goes on without \(ignored.joined(separator: ", ")): results may differ from what was saved")
        }
        return remarks
    }

    /// Reads a folder and checks every tensor against the model.
    ///
    /// - `ignored`: keys of its configuration that the person goes on without.
    /// - Throws: `no-adapter`, `bad-adapter`, `unsupported-key`, `missing-tensor`, `wrong-base` or `wrong-shape`; the
    ///   model is not touched.
    package init(
        folder: String, as type: any BlockFormat.Type, for model: any LanguageModel,
        ignoring ignored: Set<String> = []
    ) throws {
        let json = try SharedFolder.json("\(folder)/\(type.fileName)")
        guard json.object != nil else {
            throw Diagnostic("bad-adapter", "\(type.fileName): it is no object")
        }
        let decisions = KeyDecisions(type.fileName, type.keys)
        try decisions.check(json, ignoring: ignored)
        format = try type.init(reading: decisions.without(ignored, json))
        notes = try SharingNotes(in: folder, ignoring: ignored)
        try notes?.require([type.method.declaration.name], beside: "the folder has a \(type.fileName)")
        let known = IgnoredKeys.names(in: json).union(SharingNotes.keys(in: folder))
        try IgnoredKeys.require(ignored, among: known, of: "the adapter's files")
        self.ignored = ignored.sorted()
        guard FileManager.default.fileExists(atPath: "\(folder)/\(type.weightsName)") else {
            throw Diagnostic("no-adapter", "\(folder) holds no \(type.weightsName)")
        }
        let tensors = try Tensors(SafetensorsFile(path: "\(folder)/\(type.weightsName)"))
        hooks = try format.hooks(of: model, tensors.take)
        baseDifference = BaseDifference(notes, model)
        let own = try Self.own(tensors, model)
        head = try SavedHead(
            own.filter { model.store[$0.key] == nil }, width: model.config.width, labels: notes?.labels ?? [])
        maskedHead = try SavedMaskedHead(own, for: model)
        let masks = maskedHead?.tensorNames ?? []
        whole = try Self.whole(own.filter { !masks.contains($0.key) }, model, head: head)
    }

    /// The model's own tensors in the file, by the base's names.
    private static func own(
        _ tensors: Tensors, _ model: any LanguageModel
    ) throws -> [String: StoredTensor] {
        var found: [String: StoredTensor] = [:]
        for tensor in tensors.left {
            guard tensor.name.hasPrefix(BlockFormats.modelPrefix) else {
                throw Diagnostic(
                    "bad-adapter", "tensor \(tensor.name) belongs to nothing that the configuration names")
            }
            try tensor.requireWeights()
            let name = tensor.name.dropFirst(BlockFormats.modelPrefix.count)
            let own = name.hasPrefix(model.taskPrefix) ? name.dropFirst(model.taskPrefix.count) : name
            found[String(own)] = tensor
        }
        return found
    }

    private static func whole(
        _ own: [String: StoredTensor], _ model: any LanguageModel, head: SavedHead?
    ) throws -> [(parameter: String, tensor: StoredTensor)] {
        let ofHead = Set(head?.tensorNames ?? [])
        return try own.sorted { $0.key < $1.key }.filter { !ofHead.contains($0.key) }.map {
            name, tensor in
            guard let parameter = model.store[name] else {
                throw Diagnostic("wrong-base", "the model has no tensor \(name), which the adapter replaces")
            }
            return (name, try tensor.require(shape: parameter.shape))
        }
    }

    package func remarks(on model: any LanguageModel, isWriting: Bool) -> [String] { [] }

    /// Each time a tuning of its own.
    package func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        let places = hooks.keys.map { Part.block($0) }
        var tuning = Tuning(reach: min(places.min() ?? .head, model.reach(of: whole.map(\.parameter))))
        tuning.outputs = hooks
        tuning.beginsElsewhere = true
        let changed = whole.map { name, tensor in
            Parameter(name: name, shape: tensor.shape, buffer: Buffer(tensor.floats()))
        }
        for parameter in changed { tuning.replaced[parameter.name] = parameter }
        tuning.groups = hooks.sorted { $0.key < $1.key }.flatMap { $0.value.groups }
        if !changed.isEmpty { tuning.groups.append(ParameterGroup(changed)) }
        return try tuning.copy().changed(by: notes?.changes ?? [], of: model, keeps: true)
    }
}

/// The tensors of a file, each taken once.
private final class Tensors {
    private var known: [String: StoredTensor] = [:]

    init(_ file: SafetensorsFile) {
        for tensor in file.tensors { known[tensor.name] = tensor }
    }

    /// Those that nobody has taken.
    var left: [StoredTensor] { known.values.sorted { $0.name < $1.name } }

    /// - Throws: `missing-tensor`, `wrong-shape`, or what is no weight.
    func take(_ name: String, _ shape: [Int]) throws -> StoredTensor {
        guard let tensor = known.removeValue(forKey: name) else {
            throw Diagnostic("missing-tensor", "the adapter has no \(name), expected shape \(shape)")
        }
        try tensor.require(shape: shape).requireWeights()
        return tensor
    }
}
