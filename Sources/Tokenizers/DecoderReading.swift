import Diagnostics
import JSON

/// Reads the `decoder` of tokenizer.json.
enum DecoderReading {
    static func steps(_ json: JSON?, depth: Int = 0) throws -> [Decoder] {
        guard let json, !json.isNull else { return [] }
        let type = json["type"]?.string ?? ""
        switch type {
        case "Sequence":
            guard depth < 8 else { throw unsupportedTokenizer("decoder", "nesting", supported: "8 levels") }
            return try (json["decoders"]?.array ?? []).flatMap { try steps($0, depth: depth + 1) }
        case "ByteLevel": return [.byteLevel]
        case "ByteFallback": return [.byteFallback]
        case "Fuse": return [.fuse]
        case "WordPiece":
            let prefix = json["prefix"]?.string ?? "##"
            return [.wordPiece(prefix: Array(prefix.utf8), cleansUp: json["cleanup"]?.bool ?? true)]
        case "Metaspace":
            let drops = json["prepend_scheme"]?.string.map { $0 != "never" }
            return [.metaspace(dropsFirst: drops ?? json["add_prefix_space"]?.bool ?? true)]
        case "Replace":
            guard let pattern = json["pattern"]?["String"]?.string else {
                throw unsupportedTokenizer("Replace pattern", json.text().briefly, supported: "plain strings")
            }
            return [.replace(Array(pattern.utf8), with: Array((json["content"]?.string ?? "").utf8))]
        case "Strip":
            func times(_ key: String) -> Int { min(max(json[key]?.integer ?? 0, 0), 1 << 16) }
            let content = Array((json["content"]?.string ?? " ").utf8)
            return [.strip(content, start: times("start"), end: times("stop"))]
        default:
            throw unsupportedTokenizer(
                "decoder", type.briefly,
                supported: "ByteFallback, ByteLevel, Fuse, Metaspace, Replace, Sequence, Strip, WordPiece")
        }
    }
}
