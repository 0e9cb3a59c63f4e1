import Checkpoints
import Compute
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import Training

/// An adapter read from PEFT's files, checked against its base model.
package struct OpenedAdapter: TuningSource, HeadBearing, NoteBearing {
    package static let weightsName = "adapter_model.safetensors"

    package let config: AdapterConfig
    /// nil when another program wrote the folder.
    package let notes: SharingNotes?
    package let head: SavedHead?
    package let maskedHead: SavedMaskedHead?
    /// Whether the head is the base's, which the adapter leaves as it is.
    private let keepsHead: Bool
    /// Keys and kinds of tensors that it goes on without.
    package let ignored: [String]
    let baseDifference: BaseDifference?
    private let layers: [(path: String, hook: any LinearHook)]
    /// Of the words' table.
    private let table: (any TableHook)?
    /// What the file has for the whole model, in place of layers.
    private let prompt: (format: any PEFTPromptFormat, tensor: StoredTensor)?
    private let whole: [(parameter: String, tensor: StoredTensor)]

    package var declaration: MethodDeclaration { type(of: config.format).method.declaration }
    package var values: SettingValues { config.format.values }
    package var peft: (any PEFTFormat.Type)? { type(of: config.format) }

    /// Which layers it is on is not a choice any more; how many there are is told.
    package var settings: [(name: String, value: String)] {
        values.shown.filter { $0.value != "auto" }
            + (prompt == nil ? [("matrices", "\(layers.count)")] : [])
    }

    /// What should be known of it, each a sentence.
    package var remarks: [String] {
        var remarks = config.baseModel.map { ["its base model, by its own words: \($0)"] } ?? []
        if let baseDifference { remarks.append(baseDifference.remark) }
        if keepsHead {
            remarks.append("the classifier is the base's own: the adapter brings none, and PEFT keeps it too")
        }
        remarks += config.format.remarks + (notes?.changeRemarks ?? [])
        if !ignored.isEmpty {
            remarks.append(
                "goes on without \(ignored.joined(separator: ", ")): results may differ from the reference's")
        }
        return remarks
    }

    package func sharingRemarks(on model: any LanguageModel, isWriting: Bool) -> [String] {
        prompt?.format.sharingRemarks(on: model, isWriting: isWriting) ?? []
    }

    /// Reads a folder and checks every tensor against the model.
    ///
    /// - `ignored`: keys of its configuration, and kinds of tensors, that the person goes on without.
    /// - Throws: `no-adapter`, `bad-adapter`, `unsupported-adapter`, `unsupported-key`, `wrong-base` or
    ///   `wrong-shape`; the model is not touched.
    package init(folder: String, for model: any LanguageModel, ignoring ignored: Set<String> = []) throws {
        let configuration = try Self.configuration(in: folder)
        var config = try AdapterConfig(reading: configuration, ignoring: ignored)
        let notes = try SharingNotes(in: folder, ignoring: ignored)
        if var format = config.format as? any PEFTPromptFormat {
            format.noted = notes?.settings ?? [:]
            config.format = format
        }
        (self.config, self.notes) = (config, notes)
        let type = type(of: config.format)
        try notes?.require(
            [type.method.declaration.name], beside: "\(AdapterConfig.fileName) has peft_type \(type.peftType)"
        )
        let file = try SafetensorsFile(path: "\(folder)/\(Self.weightsName)")
        self.ignored = ignored.sorted()
        try Self.checkIgnored(self.ignored, in: folder, configuration, file, config)
        baseDifference = BaseDifference(notes, model)
        let parts = try AdapterTensors(file, of: type, prefix: model.taskPrefix, ignoring: ignored)
        let own = try SavedHead(parts.whole, width: model.config.width, labels: notes?.labels ?? [])
        maskedHead = try SavedMaskedHead(parts.whole, for: model)
        // What fills masks in stands in the place of a classifier of the base's.
        head = try own ?? (maskedHead == nil ? SavedHead(keptOf: model, under: config) : nil)
        keepsHead = own == nil && head != nil
        layers = try Self.layers(parts, config, model, thirds: notes?.thirds ?? [])
        table = try Self.table(parts, config, model)
        try Self.requireBase(parts.baseWeights, of: model)
        prompt = try (config.format as? any PEFTPromptFormat).map { format in
            (format, try parts.own(Swift.type(of: format).tensorName, format.shape(on: model)))
        }
        let tensors = try Self.withoutTied(parts.whole, config, model, hasClassifier: head != nil)
        let masks = maskedHead?.tensorNames ?? []
        whole = try Self.whole(tensors.filter { !masks.contains($0.key) }, model, head: head)
    }

    /// Each time a tuning of its own.
    package func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        var tuning =
            try prompt.map { try $0.format.tuning(of: model, from: Buffer($0.tensor.floats())) } ?? Tuning()
        tuning.reach = min(tuning.reach, model.reach(of: layers.map(\.path) + whole.map(\.parameter)))
        for (path, hook) in layers { tuning.linears[path] = hook }
        if let table { tuning.change(wordsOf: model, by: table) }
        let changed = whole.map { name, tensor in
            Learning.Parameter(name: name, shape: tensor.shape, buffer: Buffer(tensor.floats()))
        }
        for parameter in changed { tuning.replaced[parameter.name] = parameter }
        let own = tuning.trainedParameters + layers.flatMap { $0.hook.parameters } + (table?.parameters ?? [])
        tuning.groups = [ParameterGroup(own + changed)]
        return try tuning.copy().changed(by: notes?.changes ?? [], of: model, keeps: true)
    }
}
