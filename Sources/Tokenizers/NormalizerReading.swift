import Diagnostics
import JSON

/// Reads the `normalizer` of tokenizer.json.
enum NormalizerReading {
    private static let supported =
        "BertNormalizer, Lowercase, NFC, NFD, NFKC, NFKD, Prepend, Replace, Sequence, Strip, StripAccents"

    static func steps(_ json: JSON?, depth: Int = 0) throws -> [Normalizer] {
        guard let json, !json.isNull else { return [] }
        let type = json["type"]?.string ?? ""
        switch type {
        case "Sequence":
            guard depth < 8 else {
                throw unsupportedTokenizer("normalizer", "nesting", supported: "8 levels")
            }
            return try (json["normalizers"]?.array ?? []).flatMap { try steps($0, depth: depth + 1) }
        case "BertNormalizer": return [.bert(bert(json))]
        case "Lowercase": return [.lowercase]
        case "StripAccents": return [.stripAccents]
        case "Prepend": return [.prepend(try short(json["prepend"]?.string ?? ""))]
        case "Strip":
            return [
                .strip(left: json["strip_left"]?.bool ?? true, right: json["strip_right"]?.bool ?? true)
            ]
        case "Replace":
            guard let pattern = json["pattern"]?["String"]?.string, let content = json["content"]?.string
            else {
                throw unsupportedTokenizer("Replace pattern", json.text().briefly, supported: "plain strings")
            }
            return [.replace(Array(pattern.utf8), with: try short(content))]
        default:
            guard let form = Normalizer.CanonicalForm(rawValue: type.lowercased()) else {
                throw unsupportedTokenizer("normalizer", type.briefly, supported: supported)
            }
            return [.canonical(form)]
        }
    }

    /// What is put into the text may be no longer than a word.
    private static func short(_ text: String) throws -> [UInt8] {
        guard text.utf8.count <= 256 else {
            throw unsupportedTokenizer("inserted text", text.briefly, supported: "up to 256 bytes")
        }
        return Array(text.utf8)
    }

    private static func bert(_ json: JSON) -> BertNormalizer {
        let lowercases = json["lowercase"]?.bool ?? true
        return BertNormalizer(
            cleansText: json["clean_text"]?.bool ?? true,
            spacesIdeographs: json["handle_chinese_chars"]?.bool ?? true,
            stripsAccents: json["strip_accents"]?.bool ?? lowercases, lowercases: lowercases)
    }
}
