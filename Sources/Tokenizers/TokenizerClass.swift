import Diagnostics
import JSON

/// Which of Transformers' tokenizer classes reads a folder.
///
/// `fast` takes tokenizer.json as it is. The others take vocabulary, merges and post-processor from it and
/// make everything else anew, as tokenizer_config.json says.
enum TokenizerClass: Sendable {
    case fast, bert, gpt2, llama

    private static let classes: [String: TokenizerClass] = [
        "PreTrainedTokenizer": .fast, "TokenizersBackend": .fast, "BertTokenizer": .bert,
        "ElectraTokenizer": .bert, "LxmertTokenizer": .bert, "MobileBertTokenizer": .bert,
        "SqueezeBertTokenizer": .bert, "GPT2Tokenizer": .gpt2, "LlamaTokenizer": .llama,
    ]

    /// What a model's family has when nothing names a class.
    private static let ofFamily: [String: TokenizerClass] = ["bert": .bert, "gpt2": .gpt2, "llama": .fast]

    /// Nil when the folder says neither class nor family: its files are then taken as they are.
    ///
    /// - `isByteLevel`: whether tokenizer.json works on bytes.
    /// - Throws: `unsupported-key` for a class that makes its tokenizer in a way that is not known here.
    init?(_ config: TokenizerConfig, isByteLevel: Bool) throws {
        guard let name = config.className else {
            guard let found = config.family.flatMap({ Self.ofFamily[$0] }) else { return nil }
            self = found
            return
        }
        let stem = name.hasSuffix("Fast") ? String(name.dropLast(4)) : name
        guard let found = Self.classes[stem] else {
            throw Diagnostic(
                "unsupported-key",
                "tokenizer_config.json: tokenizer_class \(name.briefly) is not supported: known are "
                    + Self.classes.keys.sorted().joined(separator: ", "),
                hint: KeyDecisions.hint(ignoring: ["tokenizer_class"], "takes tokenizer.json as it is"))
        }
        // Its own parts work on characters.
        self = found == .llama && isByteLevel ? .fast : found
    }

    /// The special tokens that the class has where the files are silent.
    var usualTokens: [String: String] {
        switch self {
        case .fast: [:]
        case .bert:
            [
                "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]",
                "mask_token": "[MASK]",
            ]
        case .gpt2:
            ["unk_token": "<|endoftext|>", "bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>"]
        case .llama: ["unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>"]
        }
    }

    /// As Transformers calls it.
    var name: String {
        switch self {
        case .fast: "PreTrainedTokenizerFast"
        case .bert: "BertTokenizer"
        case .gpt2: "GPT2Tokenizer"
        case .llama: "LlamaTokenizer"
        }
    }

    private var modelType: String { self == .bert ? "WordPiece" : "BPE" }

    /// tokenizer.json with the parts that the class makes itself.
    func rebuilt(_ json: JSON, _ config: TokenizerConfig) throws -> JSON {
        guard self != .fast, var file = json.object else { return json }
        let model = json["model"]
        let type = model?["type"]?.string ?? (model?["merges"] == nil ? "WordPiece" : "BPE")
        guard type == modelType else {
            throw unsupportedTokenizer(
                "model", type.briefly, supported: "\(modelType) for this tokenizer_class")
        }
        var parts: JSONObject = ["type": .string(type)]
        for key in ["vocab", "merges"] { parts[key] = model?[key] }
        switch self {
        case .fast: break
        case .bert:
            parts["unk_token"] = .string(config.token("unk_token", of: self) ?? "[UNK]")
            file["normalizer"] = [
                "type": "BertNormalizer", "clean_text": true,
                "handle_chinese_chars": .bool(config.bool("tokenize_chinese_chars") ?? true),
                "strip_accents": config.bool("strip_accents").map(JSON.bool) ?? .null,
                "lowercase": .bool(config.lowercases),
            ]
            file["pre_tokenizer"] = ["type": "BertPreTokenizer"]
            file["post_processor"] = nil
            file["decoder"] = ["type": "WordPiece", "prefix": "##", "cleanup": true]
        case .gpt2:
            let prefixes = config.bool("add_prefix_space") ?? false
            file["normalizer"] = nil
            file["pre_tokenizer"] = ["type": "ByteLevel", "add_prefix_space": .bool(prefixes)]
            file["decoder"] = ["type": "ByteLevel"]
        case .llama:
            let prefixes = config.bool("add_prefix_space") ?? true
            let scheme = !prefixes ? "never" : config.bool("legacy") ?? false ? "always" : "first"
            (parts["fuse_unk"], parts["byte_fallback"]) = (true, true)
            file["normalizer"] = nil
            file["pre_tokenizer"] = [
                "type": "Metaspace", "replacement": "▁", "prepend_scheme": .string(scheme), "split": false,
            ]
            file["decoder"] = Self.llamaDecoder(prefixes: prefixes)
        }
        file["model"] = .object(parts)
        return .object(file)
    }

    private static func llamaDecoder(prefixes: Bool) -> JSON {
        let steps: [JSON] = [
            ["type": "Replace", "pattern": ["String": "▁"], "content": " "], ["type": "ByteFallback"],
            ["type": "Fuse"],
        ]
        let strip: [JSON] = prefixes ? [["type": "Strip", "content": " ", "start": 1, "stop": 0]] : []
        return ["type": "Sequence", "decoders": .array(steps + strip)]
    }
}
