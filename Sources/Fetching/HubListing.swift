import Diagnostics
import JSON

/// What the hub says a model consists of.
struct HubListing {
    struct File {
        let name: String
        let size: Int
        /// The git digest of the file.
        let blob: String
        /// Of large files.
        let sha256: String?
    }

    let repository: String
    /// The commit that the revision stands for: every file is fetched from this one.
    let commit: String
    private let files: [File]

    init(_ answer: JSON, repository: String) throws {
        guard let commit = answer["sha"]?.string, let siblings = answer["siblings"]?.array else {
            throw Diagnostic("web-status", "the hub's answer about \(repository) is not understood")
        }
        self.repository = repository
        self.commit = commit
        files = siblings.compactMap { sibling in
            guard let name = sibling["rfilename"]?.string, Self.isPlain(name) else { return nil }
            return File(
                name: name, size: sibling["size"]?.integer ?? 0, blob: sibling["blobId"]?.string ?? "",
                sha256: sibling["lfs"]?["sha256"]?.string)
        }
    }

    /// Only files at the top: no path can lead out of the folder.
    private static func isPlain(_ name: String) -> Bool { !name.contains("/") && !name.hasPrefix(".") }

    private static let small: Set<String> = [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
        "special_tokens_map.json", "added_tokens.json", "vocab.txt", "vocab.json", "merges.txt",
        "chat_template.jinja",
    ]

    /// Configuration, tokenizer and weights; safetensors only, in one file or as its index lists them.
    func wanted() throws -> [File] {
        let whole = files.filter { $0.name == "model.safetensors" }
        let shards = files.filter {
            $0.name == "model.safetensors.index.json"
                || ($0.name.hasPrefix("model-") && $0.name.hasSuffix(".safetensors"))
        }
        let weights = whole.isEmpty ? shards : whole
        guard weights.contains(where: { $0.name.hasSuffix(".safetensors") }) else {
            throw Diagnostic(
                "no-safetensors", "\(repository) has no safetensors weights on the hub",
                hint: "choose a model that has, or convert it and name the folder")
        }
        return files.filter { Self.small.contains($0.name) } + weights
    }
}
