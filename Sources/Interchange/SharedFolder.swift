import Foundation

/// The files that saved and merged folders hold.
enum SharedFolder {
    static let configName = "config.json"
    static let weightsName = "model.safetensors"
    /// What a model's makers say of writing text with it.
    static let writingName = "generation_config.json"

    /// What a tokenizer and its texts are read from, copied as they are.
    static let tokenizerNames = [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "vocab.txt",
        "vocab.json", "merges.txt", "tokenizer.model", "chat_template.jinja",
    ]

    /// What a folder holds, by the file that only its kind has.
    enum Kind: String, CaseIterable {
        case model, adapter

        var name: String { self == .model ? "a whole model" : "an adapter" }

        fileprivate var marks: [String] {
            self == .model ? [configName] : [AdapterConfig.fileName] + BlockFormats.all.map { $0.fileName }
        }

        /// nil for one that has neither's.
        static func of(_ files: [String]) -> Kind? {
            allCases.first { $0.marks.contains(where: files.contains) }
        }
    }

    static let fileNames = Set(
        tokenizerNames + BlockFormats.fileNames + [
            configName, weightsName, AdapterConfig.fileName, OpenedAdapter.weightsName, SharingNotes.fileName,
            writingName,
        ])
}
