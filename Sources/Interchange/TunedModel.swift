import Foundation
import Learning
import Models
import System
import Training

/// A tuned model as `save` and `merge` write it: with its head, and what is noted beside the files.
package struct TunedModel {
    private let loaded: LoadedModel
    private let method: AttachedMethod
    private let head: ClassificationHead?
    /// The model, with the task's own head that fills masks in where it has one, and what it runs under.
    private let model: any LanguageModel
    private let tuning: Tuning
    private let notes: SharingNotes
    private let probe: LogitProbe

    /// What the models with names of their own are called elsewhere.
    private static let publicNames = [
        "minilm": "sentence-transformers/all-MiniLM-L6-v2", "smollm2": "HuggingFaceTB/SmolLM2-135M-Instruct",
    ]

    /// - `task`: what it was tuned to do.
    /// - `base`: the base model's name for others; nil takes the known name or the path.
    package init(
        _ loaded: LoadedModel, _ method: AttachedMethod, task: (any LearningTask)?,
        data: LoadedData?, seen: SeenTexts, base: String?
    ) throws {
        (self.loaded, self.method) = (loaded, method)
        head = task?.head
        let masks = task?.maskedHead
        model = masks.map { loaded.model.with($0) } ?? loaded.model
        var tuning = method.tuning
        for parameter in masks?.parameters ?? [] { tuning.replaced[parameter.name] = parameter }
        self.tuning = tuning
        var notes = SharingNotes(method: method.declaration.name)
        notes.model = loaded.name
        notes.base = base ?? Self.publicNames[loaded.name.lowercased()] ?? Self.absolute(loaded.name)
        notes.blocks = method.source.isSavedWhole ? nil : loaded.request.blocks
        notes.pooling = head?.pooling
        notes.labels = task?.labels ?? []
        if let template = task?.template ?? data?.template {
            notes.template = template.name
            notes.instruction = data?.instruction
        }
        notes.maxLength = task?.maxLength
        notes.seen = seen
        if method.source.isSavedWhole {
            notes.settings = Dictionary(
                method.source.values.changes.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        }
        let earlier = (method.source as? any NoteBearing)?.notes?.changes ?? []
        notes.changes = earlier + method.changes
        self.notes = notes
        let examples = (data?.dataset.test ?? []).prefix(4)
        let encoded = try task.map { task in try examples.map { try task.encoder.encode($0, nil) } }
        probe = LogitProbe((encoded ?? []).flatMap(\.rows), for: model, under: tuning)
    }

    /// A path as it is found from anywhere; a name as it is.
    private static func absolute(_ name: String) -> String {
        let path = expandingHome(name)
        return FileManager.default.fileExists(atPath: path)
            ? URL(filePath: path).standardizedFileURL.path : name
    }

    /// What was written, read back and compared.
    package struct Written: Sendable {
        /// `whole model, as Transformers'`
        package let kind: String
        /// How many values were written of what was tuned.
        package let count: Int
        package let difference: LogitProbe.Difference
        /// How many rows' logits were compared.
        package let compared: Int
        /// What others must know who load the files, each a sentence.
        package let remarks: [String]
    }

    /// Writes an adapter as PEFT does, where PEFT has the method; in a format of our own, where the method has one;
    /// else the whole model.
    ///
    /// - Throws: what writing or reading back brings up; an earlier folder then stays as it was.
    package func save(to folder: String) throws -> Written {
        if let format = method.source.blockFormat { return try saveBlocks(to: folder, as: format) }
        guard let format = method.source.peft else {
            return try writeModel(to: folder, kind: "whole model", notes: notes)
        }
        let saved = SavedAdapter(model, tuning, as: format, head: head, notes: notes)
        let difference = try saved.write(to: folder, probe: probe)
        let count =
            (saved.writtenCount ?? method.trainableCount) + headCount
        return Written(
            kind: "\(format.name) adapter, as PEFT's", count: count, difference: difference,
            compared: probe.rows.count,
            remarks: method.source.sharingRemarks(on: loaded.model, isWriting: head == nil) + blockRemarks
                + poolingRemarks)
    }

    /// Values of the task's own head.
    private var headCount: Int {
        let masks = loaded.model === model ? [] : model.maskedHead?.parameters ?? []
        return ((head?.parameters ?? []) + masks).reduce(0) { $0 + $1.count }
    }

    private func saveBlocks(to folder: String, as format: any BlockFormat.Type) throws -> Written {
        let difference = try SavedBlocks(model, tuning, as: format, head: head, notes: notes)
            .write(to: folder, probe: probe)
        let count = method.trainableCount + headCount
        return Written(
            kind: "\(format.name) adapter, in \(format.program)'s words", count: count,
            difference: difference,
            compared: probe.rows.count, remarks: blockRemarks)
    }

    /// An adapter's files do not say how many blocks its base has.
    private var blockRemarks: [String] {
        guard let blocks = loaded.request.blocks else { return [] }
        return [
            "this adapter is for the base's first \(blocks == 1 ? "block" : "\(blocks) blocks") alone: write blocks=\(blocks) after model, or "
                + "num_hidden_layers=\(blocks) for Transformers"
        ]
    }

    /// Writes the whole model with its adapter's change in the weights.
    ///
    /// - Throws: as `save`; `nothing-to-merge` where weights cannot hold the change.
    package func merge(to folder: String) throws -> Written {
        var notes = notes
        notes.method = MethodRegistry.whole.declaration.name
        (notes.settings, notes.changes, notes.blocks) = ([:], [], nil)
        return try writeModel(to: folder, kind: "merged model", notes: notes)
    }

    private func writeModel(to folder: String, kind: String, notes: SharingNotes) throws -> Written {
        let outcome = try SavedModel(
            model, tuning, head: head, notes: notes, tokenizer: loaded.tokenizer
        ).write(to: folder, probe: probe)
        return Written(
            kind: "\(kind), as Transformers'", count: outcome.byteCount / 4, difference: outcome.difference,
            compared: probe.rows.count, remarks: outcome.remarks + precisionRemarks + poolingRemarks)
    }

    /// PEFT dequantises to merge and quantises the sum again, with new rounding; here it stays as floats.
    private var precisionRemarks: [String] {
        guard let kind = loaded.model.store.quantisation else { return [] }
        return [
            "the base's \(kind) weights were written dequantised, as f32: the model is no longer quantised"
        ]
    }

    /// What others must know who load the files without Lorikeet.
    private var poolingRemarks: [String] {
        guard let head else { return [] }
        if head.norm != nil {
            return [
                "this head has a batch norm before its classifier (\(head.classifier.path).norm in the file), which Transformers' "
                    + "has not: there its outputs differ, open reads it"
            ]
        }
        let usual = loaded.model.isCausal ? head.pooling == .last : head.pooling == .cls && head.pooler != nil
        guard !usual else { return [] }
        let own = loaded.model.isCausal ? "the last token" : "[CLS] through its pooler"
        return [
            "this head was trained on pooling \(head.pooling.rawValue); Transformers' classifier pools \(own), "
                + "so there its outputs differ (load the model with pooling=\(loaded.model.defaultPooling.rawValue) to match)"
        ]
    }
}
