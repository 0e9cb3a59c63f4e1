import Diagnostics
import JSON

/// Reads tokenizers that come as plain vocabulary files: made into what tokenizer.json would say.
enum VocabularyFiles {
    /// BERT's `vocab.txt`, one token a line.
    ///
    /// Whether case counts is in tokenizer_config.json; where no file says that this is a BertTokenizer, a
    /// vocabulary with a capital letter outside its bracketed tokens is cased.
    static func wordPiece(_ files: TokenizerFiles, _ config: TokenizerConfig) throws -> PipelineTokenizer {
        let name = "vocab.txt"
        let lines = try files.lines(name)
        var vocabulary = JSONObject()
        for (id, line) in lines.enumerated() {
            vocabulary[String(decoding: line, as: UTF8.self)] = .integer(id)
        }
        let json: JSON = ["model": ["type": "WordPiece", "vocab": .object(vocabulary)]]
        var config = config
        let kind = try TokenizerClass(config, isByteLevel: false)
        if kind == nil {
            config.isCased = lines.contains {
                $0.first != UInt8(ascii: "[") && $0.contains { 65...90 ~= $0 }
            }
        }
        return try TokenizerJSON(
            json: json, config: config, kind: kind == nil || kind == .fast ? .bert : kind, file: name
        ).tokenizer()
    }

    /// GPT-2's `vocab.json` and `merges.txt`.
    static func bytePair(_ files: TokenizerFiles, _ config: TokenizerConfig) throws -> PipelineTokenizer {
        var lines = try files.lines("merges.txt")[...]
        if lines.first?.starts(with: Array("#version".utf8)) == true { lines = lines.dropFirst() }
        let merges = lines.filter { !$0.isEmpty }.map { JSON.string(String(decoding: $0, as: UTF8.self)) }
        let json: JSON = [
            "model": ["type": "BPE", "vocab": try files.json("vocab.json"), "merges": .array(merges)]
        ]
        let kind = try TokenizerClass(config, isByteLevel: true)
        return try TokenizerJSON(
            json: json, config: config, kind: kind == nil || kind == .fast ? .gpt2 : kind, file: "vocab.json"
        ).tokenizer()
    }
}
