import Diagnostics
import Display
import Foundation
import Interchange
import Learning
import Models
import System
import Training

/// What `save` and `merge` take from a session: the model, its head, and what is noted beside the files.
struct SharedState {
    let loaded: LoadedModel
    let method: AttachedMethod?
    let head: ClassificationHead?
    let notes: SharingNotes
    let probe: LogitProbe

    /// What the models with names of their own are called elsewhere.
    private static let publicNames = [
        "minilm": "sentence-transformers/all-MiniLM-L6-v2", "smollm2": "HuggingFaceTB/SmolLM2-135M-Instruct",
    ]

    /// - `base`: the base model's name for others; nil takes the known name or the path.
    init(_ engine: EngineState, method name: String, base: String?, for verb: String) throws {
        loaded = try engine.requiredModel(for: verb)
        method = engine.method
        head = (engine.task?.objective as? SequenceClassification)?.head
        var notes = SharingNotes(method: name)
        notes.model = loaded.name
        notes.base = base ?? Self.publicNames[loaded.name.lowercased()] ?? Self.absolute(loaded.name)
        notes.pooling = head?.pooling
        notes.labels = engine.task?.objective.labels ?? []
        if let writing = engine.task?.objective as? AnswerWriting {
            notes.template = writing.template.name
            notes.instruction = engine.data?.instruction
        }
        notes.maxLength = engine.task?.maxLength
        notes.seen = engine.seen
        notes.last = engine.method?.source.values.count("last")
        self.notes = notes
        let examples = (engine.data?.dataset.test ?? []).prefix(4)
        let encoded = try engine.task.map { task in try examples.map { try task.objective.encode($0) } }
        probe = LogitProbe(encoded ?? [], for: loaded.model)
    }

    /// A path as it is found from anywhere; a name as it is.
    private static func absolute(_ name: String) -> String {
        let path = expandingHome(name)
        return FileManager.default.fileExists(atPath: path)
            ? URL(filePath: path).standardizedFileURL.path : name
    }

    /// What others must know who load the files without Lorikeet.
    var remarks: [String] {
        guard let head else { return [] }
        let usual = loaded.model.isCausal ? head.pooling == .last : head.pooling == .cls && head.pooler != nil
        guard !usual else { return [] }
        let own = loaded.model.isCausal ? "the last token" : "[CLS] through its pooler"
        return [
            "this head was trained on pooling \(head.pooling.rawValue); Transformers' classifier pools \(own), "
                + "so there its outputs differ (load the model with pooling=\(loaded.model.defaultPooling.rawValue) to match)"
        ]
    }

    /// The outcome as facts to look at.
    func report(
        _ kind: String, at path: String, count: Int, difference: LogitProbe.Difference, remarks: [String]
    ) -> any Displayable {
        KeyValue(
            [
                .init("saved", .text(kind)), .init("path", .text(path)), .init("values", .integer(count)),
                .init(
                    "largest difference", .number(Double(difference.largest)), key: "largest_difference",
                    style: difference.largest == 0 ? .automatic : .scientific(1)),
            ],
            notes: ["read back from disk; logits of \(probe.rows.count) rows compared"] + remarks
                + self.remarks)
    }
}
