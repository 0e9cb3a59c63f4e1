import Foundation
import JSON
import Testing

@testable import Tokenizers

/// A tiny tokenizer with other values in its files, and what Transformers makes of texts with it.
struct Variant: CustomTestStringConvertible, Sendable {
    let json: JSON

    static let golden = (try? Golden.json("tokenizer-variants.json")) ?? .null
    static let all = (golden["variants"]?.array ?? []).map(Variant.init)
    static let cut = all.filter { $0.json["cut"]?.bool == true }

    var name: String { json["name"]?.string ?? "" }
    var testDescription: String { name }

    /// Opens its folder, which is gone afterwards.
    func tokenizer(ignoring: Set<String> = []) throws -> any Tokenizer {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let base = try Golden.json("tokenizers/\(json["base"]?.string ?? "")/tokenizer.json")
        var tokenizer = base.object ?? [:]
        var model = base["model"]?.object ?? [:]
        for (key, value) in json["tokenizer"]?.object ?? [:] {
            if key.hasPrefix("model__") {
                model[String(key.dropFirst(7))] = value
            } else {
                tokenizer[key] = value
            }
        }
        tokenizer["model"] = .object(model)
        var files = json["files"]?.object ?? [:]
        files["tokenizer.json"] = .object(tokenizer)
        for name in json["without"]?.array ?? [] { files[name.string ?? ""] = nil }
        for (name, content) in files {
            try Data((content.string ?? content.text()).utf8).write(to: folder.appending(path: name))
        }
        return try TokenizerLoader.load(folder: folder.path(percentEncoded: false), ignoring: ignoring)
    }
}

@Suite struct VariantTests {
    @Test(arguments: Variant.all)
    func idsAreTheReferences(variant: Variant) throws {
        let tokenizer = try variant.tokenizer()
        let wanted = (variant.json["whole"]?.array ?? []).map { $0.string ?? "" }
        #expect(wanted.count == Golden.cases.count)
        for (text, wanted) in zip(Golden.cases, wanted) {
            let ids = tokenizer.encode(text, addingSpecialTokens: true)
            #expect(Golden.checksum(ids) == wanted, "\(text.debugDescription): \(ids)")
        }
    }

    @Test(arguments: Variant.cut)
    func textsAreCutWhereTheReferenceCutsThem(variant: Variant) throws {
        let tokenizer = try variant.tokenizer()
        let limits = (Variant.golden["limits"]?.array ?? []).compactMap(\.integer)
        var wanted = (variant.json["cuts"]?.array ?? [])[...]
        #expect(!wanted.isEmpty)
        for pair in Variant.golden["cut"]?.array ?? [] {
            for limit in limits {
                let (first, second) = (pair[0]?.string ?? "", pair[1]?.string)
                let found = tokenizer.encode(first, second, limit: limit)
                let golden = wanted.popFirst()
                func same(_ ids: [Int32], _ wanted: JSON?) -> Bool {
                    ids.map { Int($0) } == (wanted?.array ?? []).map { $0.integer ?? -1 }
                }
                #expect(same(found.ids, golden?[0]), "\(first) | \(second ?? "-") to \(limit): \(found.ids)")
                #expect(same(found.segments, golden?[1]), "\(first) | \(second ?? "-") to \(limit)")
            }
        }
        #expect(wanted.isEmpty)
    }
}
