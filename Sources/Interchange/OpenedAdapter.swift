import Checkpoints
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import Tensors
import Training

/// A LoRA adapter read from PEFT's files, checked against its base model.
package struct OpenedAdapter: TuningMethod, HeadBearing, NoteBearing {
    package static let weightsName = "adapter_model.safetensors"

    package let config: AdapterConfig
    /// nil when another program wrote the folder.
    package let notes: SharingNotes?
    package let head: SavedHead?
    /// Whether the head is the base's, which the adapter leaves as it is.
    private let keepsHead: Bool
    /// Keys and kinds of tensors that it goes on without.
    package let ignored: [String]
    /// Whether the notes say that it was made on other weights than the model's.
    private let isOnAnotherBase: Bool
    private let layers: [AdapterLayer]
    private let whole: [(parameter: String, tensor: StoredTensor)]

    package var name: String { "lora" }

    package var settings: [(name: String, value: String)] {
        [
            ("r", "\(config.lora.r)"), ("alpha", "\(config.lora.alpha)"),
            ("dropout", "\(config.lora.dropout)"), ("layers", "\(layers.count)"),
        ]
    }

    /// What should be known of it, each a sentence.
    package var remarks: [String] {
        var remarks = config.baseModel.map { ["its base model, by its own words: \($0)"] } ?? []
        if isOnAnotherBase {
            remarks.append(
                "made on another base: this model's own weights are not those that the adapter was saved on, "
                    + "so results will differ; load the base it was made on (a nano model: with its seed)")
        }
        if keepsHead {
            remarks.append("the classifier is the base's own: the adapter brings none, and PEFT keeps it too")
        }
        remarks += patternRemarks
        if config.start != .zero {
            let name = config.start == .principal ? "PiSSA" : "OLoRA"
            remarks.append(
                "\(name) began by lessening the base's weights; the base stays whole here, so each rank is twice "
                    + "the file's: what was learned, less what it began as")
        }
        if !ignored.isEmpty {
            remarks.append(
                "goes on without \(ignored.joined(separator: ", ")): results may differ from the reference's")
        }
        return remarks
    }

    /// What the summary's r and alpha do not say.
    private var patternRemarks: [String] {
        let ranks = config.ranks.map { "\($0.path) r=\(Int($0.value))" }
        let alphas = config.alphas.map {
            "\($0.path) alpha=\(Int(exactly: $0.value).map(String.init) ?? $0.value.description)"
        }
        guard !(ranks + alphas).isEmpty else { return [] }
        let more = ranks.count + alphas.count > 6 ? " and \(ranks.count + alphas.count - 6) more" : ""
        return [
            "some layers differ, by rank_pattern and alpha_pattern: "
                + (ranks + alphas).prefix(6).joined(separator: ", ") + more
        ]
    }

    /// Reads a folder and checks every tensor against the model.
    ///
    /// - `ignored`: keys of its configuration, and kinds of tensors, that the person goes on without.
    /// - Throws: `no-adapter`, `bad-adapter`, `unsupported-adapter`, `unsupported-key`, `wrong-base` or
    ///   `wrong-shape`; the model is not touched.
    package init(folder: String, for model: any LanguageModel, ignoring ignored: Set<String> = []) throws {
        let configuration = try Self.configuration(in: folder)
        config = try AdapterConfig(reading: configuration, ignoring: ignored)
        notes = try SharingNotes(in: folder, ignoring: ignored)
        try notes?.require(SharingNotes.adapters, beside: "\(AdapterConfig.fileName) has peft_type LORA")
        let file = try SafetensorsFile(path: "\(folder)/\(Self.weightsName)")
        self.ignored = ignored.sorted()
        try Self.checkIgnored(self.ignored, in: folder, configuration, file)
        isOnAnotherBase = notes?.fingerprint.map { $0 != BaseFingerprint.text(of: model) } ?? false
        let parts = try AdapterTensors(file, prefix: model.taskPrefix, ignoring: ignored)
        let own = try SavedHead(parts.whole, width: model.config.width, labels: notes?.labels ?? [])
        head = try own ?? SavedHead(keptOf: model, under: config)
        keepsHead = own == nil && head != nil
        layers = try Self.layers(parts, config, model, thirds: notes?.thirds ?? [])
        let tensors = try Self.withoutTied(parts.whole, config, model, hasClassifier: head != nil)
        whole = try Self.whole(tensors, model, head: head)
    }

    package func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        var tuning = Tuning(reach: model.reach(of: layers.map(\.path) + whole.map(\.parameter)))
        let hooks = hooks(of: model, seed: seed)
        for (path, hook) in hooks { tuning.linears[path] = hook }
        let changed = whole.map { name, tensor in
            Learning.Parameter(name: name, shape: tensor.shape, buffer: Buffer(tensor.floats()))
        }
        for parameter in changed { tuning.replaced[parameter.name] = parameter }
        tuning.groups = [ParameterGroup(hooks.flatMap { $1.parameters } + changed)]
        return tuning
    }

    /// The thin matrices alone, in the order of the model's layers.
    func hooks(of model: any LanguageModel, seed: UInt64 = 0) -> [(path: String, hook: any LowRankHook)] {
        model.adaptable.compactMap { linear in
            layers.first { $0.path == linear.path }.map { (linear.path, $0.hook(of: linear, seed: seed)) }
        }
    }
}
