import Checkpoints
import Compute
import Diagnostics
import Learning
import Models
import Training

/// Writes a tuning as PEFT writes adapters of its method.
package struct SavedAdapter {
    private let model: any LanguageModel
    private let tuning: Tuning
    private let format: any PEFTFormat.Type
    private var layerFormat: (any PEFTLayerFormat.Type)? { format as? any PEFTLayerFormat.Type }
    private var promptFormat: (any PEFTPromptFormat.Type)? { format as? any PEFTPromptFormat.Type }
    private let head: ClassificationHead?
    private let notes: SharingNotes

    /// - `format`: how PEFT's files hold the method.
    /// - `head`: goes into the same file, as `modules_to_save`.
    package init(
        _ model: any LanguageModel, _ tuning: Tuning, as format: any PEFTFormat.Type,
        head: ClassificationHead?, notes: SharingNotes
    ) {
        self.format = format
        self.model = model
        self.tuning = tuning
        self.head = head
        self.notes = notes
    }

    /// Writes the folder, reads it back into fresh parameters and compares logits before it is published.
    ///
    /// - Throws: `no-adapter` without a layer that the method changes, or where its files cannot hold what was changed;
    ///   what writing or reading back brings up. An earlier folder then stays as it was.
    package func write(to path: String, probe: LogitProbe) throws -> LogitProbe.Difference {
        let (config, prompt) = (try config, try promptTensor)
        let before = try probe.logits(of: model, under: tuning, head: head)
        var difference = LogitProbe.Difference([], [])
        try ReplacedFolder.write(to: path, as: .adapter) { folder in
            try SafetensorsWriter.write(
                tensors + prompt, metadata: ["format": "pt"], to: "\(folder)/\(OpenedAdapter.weightsName)")
            try SharedFolder.write(config.json, to: "\(folder)/\(AdapterConfig.fileName)")
            try SharedFolder.write(ownNotes(config).json, to: "\(folder)/\(SharingNotes.fileName)")
            difference = .init(before, try logitsOfFresh(folder, probe))
            try probe.require(difference, of: "the adapter")
        }
        return difference
    }

    private var adapted: [(linear: Linear, hook: any LinearHook)] {
        model.adaptable.compactMap { linear in tuning.linears[linear.path].map { (linear, $0) } }
            .filter { !$0.hook.followsTable }
    }

    private var table: (any TableHook)? { tuning.tables[model.words.name] }

    /// Base tensors that an opened adapter replaced.
    private var replaced: [Parameter] { model.store.parameters.compactMap { tuning.replaced[$0.name] } }

    private var config: AdapterConfig {
        get throws {
            guard layerFormat == nil || !adapted.isEmpty || table != nil else {
                throw Diagnostic("no-adapter", "no layer is changed: there is no adapter to write")
            }
            let whole = Set(replaced.map(\.name)).subtracting(biases)
            let twice = adapted.map(\.linear).first { linear in
                [linear.weight.name, linear.bias?.name].contains { $0.map(whole.contains) ?? false }
            }
            if table != nil, whole.contains(model.words.name) {
                throw Diagnostic(
                    "no-adapter",
                    "\(model.wordsPath) has both an adapter and values of its own, which PEFT's files cannot hold",
                    hint: "write merge in place of save, which writes the whole model")
            }
            if let twice {
                throw Diagnostic(
                    "no-adapter",
                    "\(twice.path) has both an adapter and values of its own, which PEFT's files cannot hold",
                    hint: "write merge in place of save, which writes the whole model")
            }
            var config = try described
            config.baseModel = notes.base
            let plain = fillsMasks ? nil : model.isCausal ? "CAUSAL_LM" : "FEATURE_EXTRACTION"
            config.task = head != nil ? "SEQ_CLS" : plain
            config.isStoredInByOut = adapted.contains { $0.linear.layout == .inByOut }
            let modules = replaced.filter { !biases.contains($0.name) }.map { parameter in
                maskedHead.contains(parameter.name)
                    ? "cls"
                    : path(of: parameter.name.split(separator: ".").dropLast().joined(separator: "."))
            }
            config.modulesToSave = (head.map { [$0.classifier.path] } ?? []) + Set(modules).sorted()
            let own = Set(adapted.compactMap(\.linear.bias?.name))
            config.bias =
                biases.isEmpty ? "none" : biases.isSubset(of: own) ? layerFormat?.layerBias ?? "all" : "all"
            config.tiesTables = tiedHead != nil
            return config
        }
    }

    /// The layers and the method's own, by short names where these tell the layers apart, else by whole paths.
    private var described: AdapterConfig {
        get throws {
            if let prompt = promptFormat {
                guard let own = prompt.init(describing: tuning, of: model) else { throw impossible }
                return AdapterConfig(own)
            }
            let layers = adapted.map { (path: $0.linear.path, hook: $0.hook) }
            let others = layers.map(\.path).filter { model.blockIndex(of: $0) == nil }
            let paths = Set(layers.map(\.path)).subtracting(others)
            // What stands outside of blocks is in none of them, and is called by its whole name.
            let outside =
                others.map { path(of: $0) } + (table is EmbeddingLoRA ? [prefix + model.wordsPath] : [])
            let usual = WrittenTargets(
                paths, of: model, prefix: prefix,
                canNameBlocks: outside.isEmpty && format.keys["layers_to_transform"] != nil)
            let isOfLayers =
                tuning.places.isSubset(of: [.linears, .tables])
                && tuning.tables.count == (table == nil ? 0 : 1)
            for targets in [usual, WrittenTargets(whole: paths, prefix: prefix)] {
                let names = targets.names + outside
                guard isOfLayers,
                    let own = layerFormat?.init(describing: layers, table: table, called: names)
                else { continue }
                var config = AdapterConfig(own)
                config.targets = .names(names)
                config.layers = targets.layers
                return config
            }
            throw impossible
        }
    }

    private var impossible: Diagnostic {
        Diagnostic("no-adapter", "PEFT's files of \(format.peftType) cannot say what this tuning changes")
    }

    private func ownNotes(_ config: AdapterConfig) -> SharingNotes {
        var own = notes
        own.fingerprint = BaseFingerprint.text(of: model)
        own.quantisation = model.store.quantisation
        own.thirds =
            adapted.lazy.compactMap { [layerFormat] in layerFormat?.thirds(of: $0.hook) }
            .first { !$0.isEmpty } ?? []
        if let prompt = config.format as? any PEFTPromptFormat { own.settings = prompt.noted }
        return own
    }

    /// The names of a head that fills masks in, where it is written whole.
    private var maskedHead: Set<String> {
        guard head == nil, let own = model.maskedHead?.parameters,
            own.allSatisfy({ tuning.replaced[$0.name] != nil })
        else { return [] }
        return Set(own.map(\.name))
    }

    /// Whether PEFT's model is one with a head that fills masks in: a new one, or the base's own.
    private var fillsMasks: Bool { head == nil && !model.isCausal && model.hasLanguageHead }

    /// What PEFT puts before a layer's path: nothing where its model is a bare one.
    private var prefix: String {
        head == nil && !model.isCausal && !fillsMasks ? "" : model.taskPrefix
    }

    /// A path of the model's in PEFT's; language heads stand beside the base model, not in it.
    private func path(of own: String) -> String {
        model.part(of: own) == .languageHead ? own : prefix + own
    }

    /// Replaced biases of modules that keep their weights: PEFT's `bias`, not its `modules_to_save`.
    private var biases: Set<String> {
        guard format.keys["bias"] != nil else { return [] }
        let names = Set(replaced.map(\.name))
        return names.subtracting(maskedHead).filter { name in
            name.hasSuffix(".bias") && !names.contains("\(name.dropLast(4))weight")
        }
    }

    /// The head that follows a replaced table, where there is no classifier in its place.
    private var tiedHead: (name: String, table: Parameter)? {
        guard head == nil, let tied = model.tiedTable else { return nil }
        return replaced.first { $0.name == tied.table }.map { (tied.head, $0) }
    }

    private var tensors: [(name: String, shape: [Int], values: [Float])] {
        let adaptedBiases = Set(adapted.compactMap(\.linear.bias?.name)).intersection(biases)
        var all = adapted.flatMap { linear, hook in
            zip(layerFormat?.tensorNames ?? [], layerFormat?.tensors(of: hook) ?? []).map {
                ("\(path(of: linear.path)).\($0)", $1)
            }
        }
        if let table {
            all += (layerFormat?.tensors(ofTable: table) ?? []).map {
                ("\(prefix)\(model.wordsPath).\($0.name)", $0.parameter)
            }
        }
        all += replaced.map { parameter in
            let isInside = adaptedBiases.contains(parameter.name)
            let name = isInside ? "\(parameter.name.dropLast(4))base_layer.bias" : parameter.name
            return (path(of: name), parameter)
        }
        all += tiedHead.map { [($0.name, $0.table)] } ?? []
        all += (head?.tensors ?? []).map { ($0.name, $0) }
        let shared = zip(layerFormat?.sharedNames ?? [], layerFormat?.shared(of: adapted.map(\.hook)) ?? [])
        return all.map { (format.namePrefix + $0.0, $0.1.shape, $0.1.dense().floats) }
            + shared.map { (AdapterTensorName.sharedPrefix + $0, $1.shape, $1.dense().floats) }
    }

    /// What is no layer's; nothing of a method that changes layers.
    private var promptTensor: [(name: String, shape: [Int], values: [Float])] {
        get throws {
            guard let prompt = promptFormat, let values = try prompt.values(of: tuning) else { return [] }
            let shape = try prompt.init(describing: tuning, of: model)?.shape(on: model)
            return [(prompt.tensorName, shape ?? [values.count], values.floats)]
        }
    }

    /// How many values of what was tuned the files hold, where that is not what was trained; nil where it is.
    package var writtenCount: Int? { promptFormat.flatMap { try? $0.values(of: tuning)?.count } }

    /// The logits under what was written, and the head beside it.
    private func logitsOfFresh(_ folder: String, _ probe: LogitProbe) throws -> [Float] {
        let opened = try OpenedAdapter(folder: folder, for: model)
        let written = try opened.tuning(of: model, seed: 0)
        guard let head else { return try probe.logits(of: model, under: written, head: nil) }
        let fresh = ClassificationHead(
            for: model, classes: head.classifier.outputs, pooling: head.pooling,
            usesPooler: head.pooler != nil, norm: head.normKind, seed: 0)
        // Of PEFT's own adapters no names may be known.
        try opened.head.map { try $0.fill(fresh, labels: notes.labels.isEmpty ? $0.names : notes.labels) }
        return try probe.logits(of: model, under: written, head: fresh)
    }
}
