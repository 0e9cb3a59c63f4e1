import Checkpoints
import Diagnostics
import Foundation
import JSON
import Learning
import Models

/// A whole tuned model's folder: what `save` after `full`, and `merge`, write.
package struct OpenedModel: TuningMethod, HeadBearing, NoteBearing {
    package let notes: SharingNotes?
    package let head: SavedHead?
    private let full: FullMethod

    package var name: String { full.name }
    package var settings: [(name: String, value: String)] { full.settings }

    /// - Throws: what is wrong with its files.
    package init(folder: String, for model: any LanguageModel) throws {
        notes = try SharingNotes(in: folder)
        let checkpoint = try CheckpointFolder.open(path: folder)
        let tensors = Dictionary(
            checkpoint.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var labels = notes?.labels ?? []
        if labels.isEmpty { labels = Self.labels(in: try ModelLoader.readConfig(beside: folder)) }
        head = try SavedHead(tensors, width: model.config.width, labels: labels)
        full = FullMethod(last: notes?.last)
    }

    package static func isModel(_ folder: String) -> Bool {
        let files = FileManager.default
        return files.fileExists(atPath: "\(folder)/\(SharedFolder.configName)")
            && !files.fileExists(atPath: "\(folder)/\(AdapterConfig.fileName)")
    }

    package func attach(to model: any LanguageModel, seed: UInt64) throws -> [Parameter] {
        try full.attach(to: model, seed: seed)
    }

    /// `id2label`, unless it only counts (`LABEL_0`).
    private static func labels(in config: JSON) -> [String] {
        guard let object = config["id2label"]?.object else { return [] }
        let labels = (0..<object.count).compactMap { object["\($0)"]?.string }
        let isCounting = labels.enumerated().allSatisfy { $1 == "LABEL_\($0)" }
        return labels.count == object.count && !isCounting ? labels : []
    }
}
