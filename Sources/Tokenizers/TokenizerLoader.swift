import Diagnostics
import Foundation
import JSON

/// Finds and reads a model's tokenizer.
package enum TokenizerLoader {
    /// From a folder: `tokenizer.json`, else `vocab.json` and `merges.txt`, else `vocab.txt`.
    ///
    /// - `ignoring`: keys that the person goes on without (`ignore=KEY`).
    /// - Throws: `no-tokenizer`, `bad-tokenizer`, `unsupported-tokenizer` or `unsupported-key`.
    package static func load(folder: String, ignoring: Set<String> = []) throws -> any Tokenizer {
        let files = TokenizerFiles(folder: folder)
        let config = try TokenizerConfig(files, ignoring: ignoring)
        if files.has("tokenizer.json") {
            return try TokenizerJSON(json: files.json("tokenizer.json"), config: config, ignoring: ignoring)
                .tokenizer()
        }
        if files.has("vocab.json"), files.has("merges.txt") {
            return try VocabularyFiles.bytePair(files, config)
        }
        if files.has("vocab.txt") { return try VocabularyFiles.wordPiece(files, config) }
        let hint =
            files.has("tokenizer.model")
            ? "tokenizer.model is SentencePiece's own format: convert it to tokenizer.json" : nil
        throw Diagnostic(
            "no-tokenizer",
            "\(folder) holds no tokenizer: expected tokenizer.json, vocab.json with merges.txt, or vocab.txt",
            hint: hint)
    }

    /// From a GGUF file's keys and values (`tokenizer.ggml.*`).
    package static func load(ggufMetadata: JSON, ignoring: Set<String> = []) throws -> any Tokenizer {
        try GGUFTokenizer(metadata: ggufMetadata, ignored: ignoring).tokenizer()
    }
}
