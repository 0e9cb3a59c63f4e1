import Checkpoints
import Compute
import Diagnostics
import Foundation
import Learning
import Models
import Tokenizers

/// Writes a model as Transformers loads it: changed weights, adapters merged in, the head on top.
package struct SavedModel {
    private let model: any LanguageModel
    private let tuning: Tuning?
    private let head: ClassificationHead?
    private let notes: SharingNotes
    private let tokenizer: (any Tokenizer)?

    /// - `tuning`: what is written into the weights; nil for nothing.
    /// - `tokenizer`: says what pads sequences where the model's own files don't, and makes the files of a
    ///   model that has none.
    package init(
        _ model: any LanguageModel, _ tuning: Tuning?, head: ClassificationHead?, notes: SharingNotes,
        tokenizer: (any Tokenizer)? = nil
    ) {
        self.model = model
        self.tuning = tuning
        self.tokenizer = tokenizer
        self.head = head
        self.notes = notes
    }

    /// What writing a model tells.
    package struct Outcome: Sendable {
        package var difference: LogitProbe.Difference
        package var byteCount: Int
        /// What was left out and why, each a sentence to show.
        package var remarks: [String]
    }

    /// Writes config.json, model.safetensors in f32 and the tokenizer's files, reads them back and compares
    /// logits before the folder is published.
    ///
    /// - Throws: what writing or reading back brings up; an earlier folder then stays as it was.
    package func write(to path: String, probe: LogitProbe) throws -> Outcome {
        let source = ModelSource(of: model)
        if let own = source.folder, URL(filePath: path).standardizedFileURL.path == own {
            throw Diagnostic(
                "folder-in-use", "\(path) is the folder that the model was loaded from",
                hint: "choose another path")
        }
        let before = try probe.logits(of: model, under: tuning, head: head)
        var outcome = Outcome(difference: .init([], []), byteCount: 0, remarks: [])
        try ReplacedFolder.write(to: path, as: .model) { folder in
            let config = try WrittenConfig(
                model, head: head, labels: notes.labels, source: source, padding: tokenizer?.padding)
            try SharedFolder.write(config.json, to: "\(folder)/\(SharedFolder.configName)")
            outcome.byteCount = try writeWeights(to: "\(folder)/\(SharedFolder.weightsName)")
            outcome.remarks = try source.writeTokenizer(to: folder, made: tokenizer?.files ?? [:])
            try SharedFolder.write(notes.json, to: "\(folder)/\(SharingNotes.fileName)")
            outcome.difference = .init(before, try logitsOfFresh(folder, probe))
            try probe.require(outcome.difference, of: "the model")
        }
        return outcome
    }

    // MARK: - Weights

    private func writeWeights(to path: String) throws -> Int {
        let written = parameters
        let merged = try Merged(tuning, into: model, hasClassifier: head != nil)
        try SafetensorsWriter.write(
            written.map { ($0.name, $0.parameter.shape) }, metadata: ["format": "pt"], to: path
        ) { index, sink in
            let parameter = written[index].parameter
            if let values = try merged.values(of: parameter) { return try stream(values, into: sink) }
            try stream(parameter, into: sink)
        }
        return written.reduce(0) { $0 + 4 * $1.parameter.count }
    }

    private func stream(_ values: Buffer, into sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        try values.withFloats { try sink(UnsafeRawBufferPointer($0)) }
    }

    /// A panel of rows at a time, so that weights kept as stored need not be held as floats.
    private func stream(_ parameter: Parameter, into sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        let columns = parameter.columns
        let step = max(1, (1 << 20) / max(1, columns))
        let scratch = Buffer(count: step * columns)
        for first in stride(from: 0, to: parameter.rows, by: step) {
            let rows = first..<min(parameter.rows, first + step)
            try parameter.withRows(rows, scratch: scratch) { values in
                try sink(
                    UnsafeRawBufferPointer(UnsafeBufferPointer(start: values, count: rows.count * columns)))
            }
        }
    }

    /// Names as the reference's task model has them; heads that a classifier takes the place of are left out.
    private var parameters: [(name: String, parameter: Parameter)] {
        let current = model.store.parameters.map { tuning?.current($0) ?? $0 }
        let own = current.compactMap { parameter -> (name: String, parameter: Parameter)? in
            if model.part(of: parameter.name) == .languageHead {
                return head == nil ? (parameter.name, parameter) : nil
            }
            return (model.taskPrefix + parameter.name, parameter)
        }
        return own + (head?.tensors ?? []).map { ($0.name, $0) }
    }

    // MARK: - Reading back

    private func logitsOfFresh(_ folder: String, _ probe: LogitProbe) throws -> [Float] {
        let fresh = try ModelLoader.load(path: folder, precision: .f32)
        guard let head else { return try probe.logits(of: fresh, head: nil) }
        let opened = try OpenedModel(folder: folder, for: fresh)
        let freshHead = ClassificationHead(
            for: fresh, classes: head.classifier.outputs, pooling: head.pooling,
            usesPooler: head.pooler != nil, norm: head.normKind, seed: 0)
        try opened.head?.fill(freshHead, labels: notes.labels)
        return try probe.logits(of: fresh, head: freshHead)
    }
}
