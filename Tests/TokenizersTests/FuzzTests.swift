import Diagnostics
import Foundation
import JSON
import Testing

@testable import Tokenizers

/// Damaged tokenizers end in a message or in a tokenizer that works: never in a crash or a hang.
@Suite struct TokenizerFuzzTests {
    /// How many mutations of each file: few in every run, 100,000 at night, or `LORIKEET_FUZZ`.
    private static let count: Int = {
        let environment = ProcessInfo.processInfo.environment
        let usual = environment["LORIKEET_NIGHTLY"] == nil ? 2000 : 100_000
        return environment["LORIKEET_FUZZ"].flatMap(Int.init) ?? usual
    }()

    @Test(arguments: ["cased-wordpiece", "llama", "llama-metaspace", "llama3"])
    func aDamagedTokenizerJSONEndsInAMessage(name: String) throws {
        let json = shortened(try Golden.json("tokenizers/\(name)/tokenizer.json"))
        let config = try TokenizerConfig(TokenizerFiles(folder: "/none"))
        fuzz(json, seed: 11) { try TokenizerJSON(json: $0, config: config).tokenizer() }
    }

    @Test func damagedGGUFKeysEndInAMessage() throws {
        let json = try Golden.json("tokenizers/sentencepiece-gguf.json")
        fuzz(json, seed: 12) { try TokenizerLoader.load(ggufMetadata: $0) }
    }

    private func fuzz(_ json: JSON, seed: UInt64, _ load: (JSON) throws -> any Tokenizer) {
        var damage = JSONDamage(seed: seed)
        var loaded = 0
        for index in 0..<TokenizerFuzzTests.count {
            do {
                let tokenizer = try load(damage.damaged(json))
                exercise(tokenizer)
                loaded += 1
            } catch let error as Diagnostic {
                #expect(error.message.utf8.count < 4000, "mutation \(index)")
            } catch {
                Issue.record("mutation \(index): \(error)")
            }
        }
        #expect(loaded > 0)
    }

    private func exercise(_ tokenizer: any Tokenizer) {
        for text in ["", "The café <s> [MASK] 123\n  东京😀", " a"] {
            let ids = tokenizer.encode(text, addingSpecialTokens: true)
            _ = tokenizer.decode(ids, skippingSpecialTokens: true)
        }
        _ = tokenizer.encode("a", "b")
        _ = tokenizer.decode([-1, 0, .max, 5], skippingSpecialTokens: false)
        _ = tokenizer.token(of: .min)
        _ = tokenizer.id(of: "")
        _ = tokenizer.vocabularySize
    }

    /// A smaller vocabulary, so that damage hits the rest more often and a round is quick.
    private func shortened(_ json: JSON) -> JSON {
        guard var whole = json.object, var model = json["model"]?.object else { return json }
        let kept = model["vocab"]?.object.map { $0.prefix(300).map { ($0.key, $0.value) } } ?? []
        model["vocab"] = .object(JSONObject(kept))
        let known = Set(kept.map(\.0))
        model["merges"] = model["merges"]?.array.map { list in
            .array(
                list.filter { pair in
                    let (a, b) = (pair[0]?.string ?? "", pair[1]?.string ?? "")
                    return known.contains(a) && known.contains(b) && known.contains(a + b)
                })
        }
        whole["model"] = .object(model)
        return .object(whole)
    }
}

/// Replaces a random value of a JSON tree by a random other one.
private struct JSONDamage: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }

    mutating func damaged(_ json: JSON) -> JSON {
        (0...Int.random(in: 0..<3, using: &self)).reduce(json) { value, _ in replace(value, depth: 0) }
    }

    private mutating func replace(_ json: JSON, depth: Int) -> JSON {
        if depth > 0, Int.random(in: 0..<4, using: &self) == 0 { return strange() }
        switch json {
        case .object(var object):
            guard let key = object.keys.randomElement(using: &self) else { return strange() }
            switch Int.random(in: 0..<6, using: &self) {
            case 0: object[key] = nil
            case 1:
                let value = object[key]
                object[key] = nil
                object[key + "x"] = value
            default: object[key] = replace(object[key] ?? .null, depth: depth + 1)
            }
            return .object(object)
        case .array(var items):
            guard let index = items.indices.randomElement(using: &self) else { return strange() }
            switch Int.random(in: 0..<6, using: &self) {
            case 0: items.remove(at: index)
            case 1: items.insert(items[index], at: 0)
            default: items[index] = replace(items[index], depth: depth + 1)
            }
            return .array(items)
        default: return strange()
        }
    }

    private mutating func strange() -> JSON {
        let values: [JSON] = [
            .null, true, false, 0, -1, 1, 255, .integer(.max), .integer(.min), 2_147_483_648, 0.5,
            .number(.nan),
            .number(1e300), "", " ", "a", "▁", "\u{0}", "##", "<0x41>", "ab cd", "é", "e\u{301}",
            .string(String(repeating: "a", count: 300)), [], [[]], ["a", "b"], [:], ["type": "Sequence"],
            ["type": "ByteLevel"], ["type": "BPE"], ["String": "a"],
        ]
        return values.randomElement(using: &self) ?? .null
    }
}
