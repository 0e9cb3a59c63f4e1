import Checkpoints
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import Training

/// A whole tuned model's folder: what `save` after `full` and its kin, and `merge`, write.
package struct OpenedModel: TuningSource, HeadBearing, NoteBearing {
    package let notes: SharingNotes?
    package let head: SavedHead?
    private let method: any Method

    package var declaration: MethodDeclaration { method.declaration }
    package var values: SettingValues { method.values }
    package var peft: (any PEFTFormat.Type)? { method.peft }
    package var remarks: [String] { notes?.changeRemarks ?? [] }

    /// - `ignoring`: keys that the person goes on without (`ignore=KEY`).
    /// - Throws: what is wrong with its files, or `wrong-task` for the head of another task.
    package init(folder: String, for model: any LanguageModel, ignoring: Set<String> = []) throws {
        notes = try SharingNotes(in: folder, ignoring: ignoring)
        try notes?.require(SharingNotes.models, beside: "the folder holds a whole model")
        let checkpoint = try CheckpointFolder.open(path: folder)
        let tensors = Dictionary(
            checkpoint.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let config = try ModelLoader.readConfig(beside: folder)
        var labels = notes?.labels ?? []
        if labels.isEmpty, !ignoring.contains("id2label") { labels = Self.labels(in: config) }
        head = try SavedHead(tensors, width: model.config.width, labels: labels)
        if head != nil, !ignoring.contains("architectures") {
            try Self.requireClassifier(config, of: model, in: folder)
        }
        if !ignoring.contains("problem_type") { try head?.requireProblem(of: config) }
        method = try Self.method(of: notes)
    }

    /// What tuned it goes on; a folder without notes is tuned whole.
    private static func method(of notes: SharingNotes?) throws -> any Method {
        if let last = notes?.last { return try MethodRegistry.whole.init(["last": .count(last)]) }
        let kind = MethodRegistry.all.first { $0.isSavedWhole && $0.declaration.name == notes?.method }
        return try (kind ?? MethodRegistry.whole).init(notes?.settings ?? [:])
    }

    package func remarks(on model: any LanguageModel, isWriting: Bool) -> [String] {
        method.remarks(on: model, isWriting: isWriting)
    }

    package static func isModel(_ folder: String) -> Bool {
        let files = FileManager.default
        return files.fileExists(atPath: "\(folder)/\(SharedFolder.configName)")
            && !files.fileExists(atPath: "\(folder)/\(AdapterConfig.fileName)")
    }

    package func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        try method.tuning(of: model, seed: seed).changed(
            by: notes?.changes ?? [], of: model, keeps: false)
    }

    /// Heads of several tasks are called alike: what they were trained for is said elsewhere.
    private static func requireClassifier(
        _ config: JSON, of model: any LanguageModel, in folder: String
    ) throws {
        guard let family = ModelRegistry.family(named: model.config.family),
            let task = try family.task(of: config), task != .classification
        else { return }
        throw Diagnostic(
            "wrong-task",
            "the model in \(folder) was trained for \(task.summary) (\(family.classPrefix)\(task.rawValue)), not for classes or numbers of texts",
            hint:
                "model \(folder) takes it as a base to tune; ignore=architectures opens the head all the same"
        )
    }

    /// `id2label`, unless it only counts (`LABEL_0`).
    static func labels(in config: JSON) -> [String] {
        guard let object = config["id2label"]?.object else { return [] }
        let labels = (0..<object.count).compactMap { object["\($0)"]?.string }
        let isCounting = labels.enumerated().allSatisfy { $1 == "LABEL_\($0)" }
        return labels.count == object.count && !isCounting ? labels : []
    }
}
