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
        case "Prepend": return [.prepend(Array((json["prepend"]?.string ?? "").utf8))]
        case "Strip":
            return [
                .strip(left: json["strip_left"]?.bool ?? true, right: json["strip_right"]?.bool ?? true)
            ]
        case "Replace":
            guard let pattern = json["pattern"]?["String"]?.string, let content = json["content"]?.string
            else {
                throw unsupportedTokenizer("Replace pattern", json.text().briefly, supported: "plain strings")
            }
            return [.replace(Array(pattern.utf8), with: Array(content.utf8))]
        default:
            guard let form = Normalizer.CanonicalForm(rawValue: type.lowercased()) else {
                throw unsupportedTokenizer("normalizer", type.briefly, supported: supported)
            }
            return [.canonical(form)]
        }
    }

    private static func bert(_ json: JSON) -> BertNormalizer {
        let lowercases = json["lowercase"]?.bool ?? true
        return BertNormalizer(
            cleansText: json["clean_text"]?.bool ?? true,
            spacesIdeographs: json["handle_chinese_chars"]?.bool ?? true,
            stripsAccents: json["strip_accents"]?.bool ?? lowercases, lowercases: lowercases)
    }
}
