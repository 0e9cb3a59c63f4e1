import Checkpoints
import Diagnostics
import JSON
import Learning
import Models
import Training

/// Writes a tuning of what blocks give, with the model's own tensors that were trained beside it.
package struct SavedBlocks {
    private let model: any LanguageModel
    private let tuning: Tuning
    private let format: any BlockFormat.Type
    private let head: ClassificationHead?
    private let notes: SharingNotes

    /// - `head`: goes into the same file.
    package init(
        _ model: any LanguageModel, _ tuning: Tuning, as format: any BlockFormat.Type,
        head: ClassificationHead?, notes: SharingNotes
    ) {
        (self.model, self.tuning, self.format) = (model, tuning, format)
        (self.head, self.notes) = (head, notes)
    }

    /// Writes the folder, reads it back into fresh parameters and compares logits before it is published.
    ///
    /// - Throws: `no-adapter` for what the format cannot say; what writing or reading back brings up. An earlier
    ///   folder then stays as it was.
    package func write(to path: String, probe: LogitProbe) throws -> LogitProbe.Difference {
        let config = try config
        let before = try probe.logits(of: model, under: tuning, head: head)
        var difference = LogitProbe.Difference([], [])
        try ReplacedFolder.write(to: path, as: .adapter) { folder in
            try SafetensorsWriter.write(
                tensors, metadata: ["format": "pt"], to: "\(folder)/\(format.weightsName)")
            try SharedFolder.write(.object(config), to: "\(folder)/\(format.fileName)")
            var own = notes
            own.fingerprint = BaseFingerprint.text(of: model)
            own.quantisation = model.store.quantisation
            try SharedFolder.write(own.json, to: "\(folder)/\(SharingNotes.fileName)")
            difference = .init(before, try logitsOfFresh(folder, probe))
            try probe.require(difference, of: "the adapter")
        }
        return difference
    }

    private var config: JSONObject {
        get throws {
            guard tuning.places == [.outputs], var config = format.init(describing: tuning.outputs)?.json
            else {
                throw Diagnostic(
                    "no-adapter", "\(format.name)'s files cannot say what this tuning changes")
            }
            config["base_model_name_or_path"] = notes.base.map(JSON.string) ?? .null
            return JSONObject(config.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        }
    }

    private var tensors: [(name: String, shape: [Int], values: [Float])] {
        var all = tuning.outputs.keys.sorted().flatMap { block in
            tuning.outputs[block].map { format.tensors(of: $0, in: block) } ?? []
        }
        let replaced = model.store.parameters.compactMap { tuning.replaced[$0.name] }
        all += replaced.map { parameter in
            let isHead = model.part(of: parameter.name) == .languageHead
            return (BlockFormats.modelPrefix + (isHead ? "" : model.taskPrefix) + parameter.name, parameter)
        }
        all += (head?.tensors ?? []).map { (BlockFormats.modelPrefix + $0.name, $0) }
        return all.map { ($0.name, $0.parameter.shape, $0.parameter.dense().floats) }
    }

    private func logitsOfFresh(_ folder: String, _ probe: LogitProbe) throws -> [Float] {
        let opened = try OpenedBlocks(folder: folder, as: format, for: model)
        let written = try opened.tuning(of: model, seed: 0)
        guard let head else { return try probe.logits(of: model, under: written, head: nil) }
        let fresh = ClassificationHead(
            for: model, classes: head.classifier.outputs, pooling: head.pooling,
            usesPooler: head.pooler != nil, norm: head.normKind, seed: 0)
        try opened.head?.fill(fresh, labels: notes.labels)
        return try probe.logits(of: model, under: written, head: fresh)
    }
}
