import Diagnostics
import JSON

/// Reads the `post_processor` of tokenizer.json.
enum TemplateReading {
    static func template(_ json: JSON?) throws -> Template {
        guard let json, !json.isNull else { return Template() }
        let type = json["type"]?.string ?? ""
        switch type {
        case "ByteLevel": return Template()
        case "Sequence":
            let own = (json["processors"]?.array ?? []).filter { $0["type"]?.string != "ByteLevel" }
            guard own.count <= 1, own.first?["type"]?.string != "Sequence" else {
                throw unsupportedTokenizer("post-processor", "Sequence", supported: "one template in it")
            }
            return try template(own.first)
        case "TemplateProcessing":
            return Template(
                single: try parts(json["single"], json["special_tokens"]),
                pair: try parts(json["pair"], json["special_tokens"]))
        case "BertProcessing": return Template.bert(cls: try id(json, "cls"), sep: try id(json, "sep"))
        case "RobertaProcessing": return roberta(cls: try id(json, "cls"), sep: try id(json, "sep"))
        default:
            throw unsupportedTokenizer(
                "post-processor", type.briefly,
                supported: "BertProcessing, ByteLevel, RobertaProcessing, Sequence, TemplateProcessing")
        }
    }

    private static func parts(_ json: JSON?, _ specials: JSON?) throws -> [Template.Part] {
        try (json?.array ?? []).flatMap { item -> [Template.Part] in
            func segment(_ part: JSON) -> Int32 { Int32(clamping: part["type_id"]?.integer ?? 0) }
            if let token = item["SpecialToken"], let name = token["id"]?.string {
                let ids = specials?[name]?["ids"]?.array?.compactMap {
                    $0.integer.flatMap(Int32.init(exactly:))
                }
                guard let ids, !ids.isEmpty else {
                    throw badTokenizer(
                        "the template names \(name.briefly), which special_tokens does not have")
                }
                return ids.map { .special($0, segment: segment(token)) }
            }
            switch item["Sequence"]?["id"]?.string {
            case "A": return [.first(segment: segment(item["Sequence"] ?? .null))]
            case "B": return [.second(segment: segment(item["Sequence"] ?? .null))]
            default: throw badTokenizer("the template has a part \(item.text().briefly)")
            }
        }
    }

    private static func id(_ json: JSON, _ key: String) throws -> Int32 {
        guard let id = json[key]?[1]?.integer.flatMap(Int32.init(exactly:)) else {
            throw badTokenizer("the post-processor has no id for \(key)")
        }
        return id
    }

    private static func roberta(cls: Int32, sep: Int32) -> Template {
        let single: [Template.Part] = [
            .special(cls, segment: 0), .first(segment: 0), .special(sep, segment: 0),
        ]
        let second: [Template.Part] = [
            .special(sep, segment: 0), .second(segment: 0), .special(sep, segment: 0),
        ]
        return Template(single: single, pair: single + second)
    }
}
