import Checkpoints
import Diagnostics
import Foundation
import Learning
import Models
import Tensors

/// Writes a model as Transformers loads it: changed weights, adapters merged in, the head on top.
package struct SavedModel {
    private let model: any LanguageModel
    private let head: ClassificationHead?
    private let notes: SharingNotes
    private let padding: Int32?

    /// - `padding`: the token that is to pad sequences where the model's own files name none.
    package init(
        _ model: any LanguageModel, head: ClassificationHead?, notes: SharingNotes, padding: Int32? = nil
    ) {
        self.model = model
        self.padding = padding
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
        let before = try probe.logits(of: model, head: head)
        var outcome = Outcome(difference: .init([], []), byteCount: 0, remarks: [])
        try ReplacedFolder.write(to: path, holding: SharedFolder.fileNames) { folder in
            let config = try WrittenConfig(
                model, head: head, labels: notes.labels, source: source, padding: padding)
            try SharedFile.write(config.json, to: "\(folder)/\(SharedFolder.configName)")
            outcome.byteCount = try writeWeights(to: "\(folder)/\(SharedFolder.weightsName)")
            outcome.remarks = try source.writeTokenizer(to: folder)
            try SharedFile.write(notes.json, to: "\(folder)/\(SharingNotes.fileName)")
            outcome.difference = .init(before, try logitsOfFresh(folder, probe))
            try probe.require(outcome.difference, of: "the model")
        }
        return outcome
    }

    // MARK: - Weights

    private func writeWeights(to path: String) throws -> Int {
        let adapted = Dictionary(
            model.adaptable.compactMap { linear in
                linear.adapter.map { (ObjectIdentifier(linear.weight), (linear, $0)) }
            }, uniquingKeysWith: { first, _ in first })
        let written = parameters
        try SafetensorsWriter.write(
            written.map { ($0.name, $0.parameter.shape) }, metadata: ["format": "pt"], to: path
        ) { index, sink in
            let parameter = written[index].parameter
            let change = adapted[ObjectIdentifier(parameter)].map { linear, adapter in
                adapter.mergedChange(layout: linear.layout)
            }
            try stream(parameter, plus: change, into: sink)
        }
        return written.reduce(0) { $0 + 4 * $1.parameter.count }
    }

    /// A panel of rows at a time, so that weights kept as stored need not be held as floats.
    private func stream(
        _ parameter: Parameter, plus change: Buffer?, into sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let columns = parameter.columns
        let step = max(1, (1 << 20) / max(1, columns))
        let panel = Buffer(count: step * columns)
        for first in stride(from: 0, to: parameter.rows, by: step) {
            let rows = first..<min(parameter.rows, first + step)
            let scratch = Buffer(count: rows.count * columns)
            let values = parameter.rows(rows) { scratch }
            panel.pointer.update(from: values, count: rows.count * columns)
            if let change {
                let part = change.pointer + first * columns
                for index in 0..<rows.count * columns { panel.pointer[index] += part[index] }
            }
            try panel.withFloats { floats in
                try sink(
                    UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: floats.prefix(rows.count * columns)))
                )
            }
        }
    }

    /// Names as the reference's task model has them; heads that a classifier takes the place of are left out.
    private var parameters: [(name: String, parameter: Parameter)] {
        let own = model.store.parameters.compactMap { parameter -> (name: String, parameter: Parameter)? in
            if model.part(of: parameter.name) == .languageHead {
                return head == nil ? (parameter.name, parameter) : nil
            }
            return (model.taskPrefix + parameter.name, parameter)
        }
        return own + (head?.parameters ?? []).map { ($0.name, $0) }
    }

    // MARK: - Reading back

    private func logitsOfFresh(_ folder: String, _ probe: LogitProbe) throws -> [Float] {
        let fresh = try ModelLoader.load(path: folder, precision: .f32)
        guard let head else { return try probe.logits(of: fresh, head: nil) }
        let opened = try OpenedModel(folder: folder, for: fresh)
        let freshHead = ClassificationHead(
            for: fresh, classes: head.classifier.outputs, pooling: head.pooling,
            usesPooler: head.pooler != nil, seed: 0)
        try opened.head?.fill(freshHead, labels: notes.labels)
        return try probe.logits(of: fresh, head: freshHead)
    }
}
