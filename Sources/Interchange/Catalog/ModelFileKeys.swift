import Checkpoints
import Foundation
import JSON
import Models

/// The keys of all files that `model` reads, for `ignore=KEY`.
struct ModelFileKeys {
    private(set) var names: Set<String> = []

    /// - `path`: a folder, or a GGUF file.
    init(of path: String) throws {
        let folder = ModelLoader.folder(of: path)
        let files = FileManager.default
        if path.hasSuffix(".gguf") {
            names = Set(try CheckpointFolder.open(path: path).metadata.object?.keys ?? [])
            try add("\(folder)/\(SharingNotes.fileName)")
            return
        }
        for name in try files.contentsOfDirectory(atPath: folder) {
            if name.hasSuffix(".json"), !name.hasPrefix("vocab"), !name.hasSuffix(".index.json") {
                try add("\(folder)/\(name)")
            }
            // Folders of sentence-transformers' modules: 1_Pooling.
            try add("\(folder)/\(name)/config.json")
        }
    }

    private mutating func add(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        let json = try JSON(file: path)
        names.formUnion(IgnoredKeys.names(in: json))
        // A module is gone without by its kind.
        let kinds = (json.array ?? []).compactMap { $0["type"]?.string?.split(separator: ".").last }
        names.formUnion(kinds.map(String.init))
    }
}
