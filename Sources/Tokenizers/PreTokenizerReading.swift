import Diagnostics
import JSON

/// Reads the `pre_tokenizer` of tokenizer.json.
struct PreTokenizerReading {
    private(set) var steps: [PreTokenizer] = []
    /// What a pre-tokenizer does to the text before it cuts.
    private(set) var rewriters: [Normalizer] = []
    /// Whether the model works on bytes in the byte alphabet.
    private(set) var isByteLevel = false

    private static let supported =
        "BertPreTokenizer, ByteLevel, Digits, Metaspace, Punctuation, Sequence, Split, WhitespaceSplit"

    init(_ json: JSON?) throws { try read(json, depth: 0) }

    private mutating func read(_ json: JSON?, depth: Int) throws {
        guard let json, !json.isNull else { return }
        let type = json["type"]?.string ?? ""
        switch type {
        case "Sequence":
            guard depth < 8 else {
                throw unsupportedTokenizer("pre-tokenizer", "nesting", supported: "8 levels")
            }
            for step in json["pretokenizers"]?.array ?? [] { try read(step, depth: depth + 1) }
        case "BertPreTokenizer": steps.append(.bert)
        case "WhitespaceSplit": steps.append(.whitespace)
        case "Digits": steps.append(json["individual_digits"]?.bool ?? false ? .singleDigits : .digitRuns)
        case "Punctuation": steps.append(.punctuation)
        case "ByteLevel": try readByteLevel(json)
        case "Metaspace": try readMetaspace(json)
        case "Split": steps.append(try expression(json))
        default:
            throw unsupportedTokenizer(
                "pre-tokenizer", type.briefly, supported: PreTokenizerReading.supported)
        }
    }

    private mutating func readByteLevel(_ json: JSON) throws {
        isByteLevel = true
        if json["add_prefix_space"]?.bool ?? true {
            guard steps.isEmpty else {
                throw unsupportedTokenizer(
                    "add_prefix_space", "after another step", supported: "as the first")
            }
            rewriters.append(.spacePrefix)
        }
        if json["use_regex"]?.bool ?? true { steps.append(.gpt2) }
    }

    private mutating func readMetaspace(_ json: JSON) throws {
        guard json["replacement"]?.string ?? "▁" == "▁", steps.isEmpty else {
            throw unsupportedTokenizer("Metaspace", json.text().briefly, supported: "▁, as the first step")
        }
        let old: Normalizer.PrependScheme = json["add_prefix_space"]?.bool ?? true ? .always : .never
        let scheme = json["prepend_scheme"]?.string.flatMap(Normalizer.PrependScheme.init) ?? old
        rewriters.append(.metaspace(scheme))
        if json["split"]?.bool ?? true { steps.append(.metaspace) }
    }

    private func expression(_ json: JSON) throws -> PreTokenizer {
        let pattern = json["pattern"]?["Regex"]?.string ?? json["pattern"]?["String"]?.string ?? ""
        guard let step = PreTokenizerReading.expressions.first(where: { $0.key == pattern })?.value else {
            throw unsupportedTokenizer(
                "pre-tokenizer expression", pattern.briefly, supported: "those of GPT-2, LLaMA 3, Qwen 2")
        }
        return step
    }

    private static let expressions: KeyValuePairs<String, PreTokenizer> = [
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#: .gpt2,
        #"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#: .gpt2,
        llama3("1,3"): .llama3(digits: 3),
        llama3("1"): .llama3(digits: 1),
        llama3(nil): .llama3(digits: 1),
    ]

    private static func llama3(_ digits: String?) -> String {
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"# + (digits.map { "{\($0)}" } ?? "")
            + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }
}
