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
        guard !isByteLevel || type == "Sequence" else {
            throw unsupportedTokenizer(
                "pre-tokenizer", "\(type.briefly) after ByteLevel", supported: "ByteLevel last")
        }
        switch type {
        case "Sequence":
            guard depth < 8 else {
                throw unsupportedTokenizer("pre-tokenizer", "nesting", supported: "8 levels")
            }
            for step in json["pretokenizers"]?.array ?? [] { try read(step, depth: depth + 1) }
        case "BertPreTokenizer": steps.append(.bert)
        case "WhitespaceSplit": steps.append(.whitespace)
        case "Digits": steps.append(json["individual_digits"]?.bool ?? false ? .singleDigits : .digitRuns)
        case "Punctuation":
            steps.append(.split(.punctuation, try behavior(json) ?? .isolated, inverted: false))
        case "ByteLevel": try readByteLevel(json)
        case "Metaspace": try readMetaspace(json)
        case "Split": steps.append(try split(json))
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
        let named = json["prepend_scheme"]?.string
        guard let scheme = named.map({ Normalizer.PrependScheme(rawValue: $0) }) ?? old else {
            throw unsupportedTokenizer(
                "prepend_scheme", (named ?? "").briefly, supported: "always, first, never")
        }
        rewriters.append(.metaspace(scheme))
        if json["split"]?.bool ?? true { steps.append(.metaspace) }
    }

    private func behavior(_ json: JSON) throws -> SplitBehavior? {
        guard let name = json["behavior"]?.string else { return nil }
        guard let found = SplitBehavior(rawValue: name) else {
            throw unsupportedTokenizer(
                "behavior", name.briefly,
                supported: SplitBehavior.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return found
    }

    private func split(_ json: JSON) throws -> PreTokenizer {
        let behavior = try behavior(json) ?? .isolated
        let inverted = json["invert"]?.bool ?? false
        if let text = json["pattern"]?["String"]?.string {
            return .split(.text(Array(text.utf8)), behavior, inverted: inverted)
        }
        let pattern = json["pattern"]?["Regex"]?.string ?? ""
        guard let step = Self.expressions.first(where: { $0.key == pattern })?.value else {
            throw unsupportedTokenizer(
                "pre-tokenizer expression", pattern.briefly, supported: "those of GPT-2, LLaMA 3, Qwen 2")
        }
        // Where matches are the whole text, keeping them is to cut between them.
        guard behavior == .isolated || behavior == .removed && inverted else {
            return .split(step, behavior, inverted: inverted)
        }
        switch step {
        case .llama3(let digits): return .llama3(digits: digits)
        default: return .gpt2
        }
    }

    private static let expressions: KeyValuePairs<String, SplitPattern> = [
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
