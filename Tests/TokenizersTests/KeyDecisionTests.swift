import Diagnostics
import Foundation
import JSON
import Testing

@testable import Tokenizers

/// Every key of the files that tokenizers come in is decided on, and every value of a closed set.
@Suite struct TokenizerKeyTests {
    private static let keys = (try? Golden.json("tokenizer-keys.json")) ?? .null

    private func keys(_ path: String...) -> [String] {
        path.reduce(Self.keys as JSON?) { $0?[$1] }?.array?.compactMap(\.string) ?? []
    }

    private func expectDecided(_ keys: [String], in decisions: [String: KeyDecision], _ file: String) {
        #expect(!keys.isEmpty, "\(file)")
        for key in keys { #expect(decisions[key] != nil, "\(file): \(key)") }
    }

    @Test func tokenizerJSON() {
        expectDecided(keys("tokenizer.json", "keys"), in: TokenizerJSONKeys.file.decisions, "tokenizer.json")
        expectDecided(
            keys("tokenizer.json", "truncation"), in: TokenizerJSONKeys.truncation.decisions, "truncation")
        expectDecided(
            keys("tokenizer.json", "added_token"), in: TokenizerJSONKeys.added.decisions, "added_tokens")
        #expect(
            keys("tokenizer.json", "directions").compactMap { TruncationSide(rawValue: $0.lowercased()) }
                .count == 2)
    }

    @Test func tokenizerConfig() {
        let decisions = TokenizerConfigKeys.config.decisions
        expectDecided(keys("tokenizer_config.json", "keys"), in: decisions, "tokenizer_config.json")
        expectDecided(
            keys("tokenizer_config.json", "added_token"), in: TokenizerConfigKeys.flags.decisions, "a token")
        #expect(
            keys("tokenizer_config.json", "truncation_side").allSatisfy {
                TruncationSide(rawValue: $0) != nil
            })
        for key in TokenizerConfigKeys.map.decisions.keys { #expect(decisions[key] != nil, "\(key)") }
    }

    @Test func ggufHeader() {
        let named = keys("gguf", "keys").filter { !$0.hasPrefix(GGUFTokenizerKeys.templates) }
        expectDecided(named, in: GGUFTokenizerKeys.header.decisions, "GGUF")
        #expect(keys("gguf", "token_types").count == 6)
    }

    /// The parts as the package writes them: each is read, or refused by the name of the kind, key or value.
    @Test(arguments: TokenizerJSONKeys.Part.allCases)
    func everyKindOfPart(part: TokenizerJSONKeys.Part) throws {
        let examples = Self.keys["tokenizer.json"]?["parts"]?[part.rawValue]?.array ?? []
        #expect(examples.count > 4)
        for example in examples {
            let type = try #require(example["type"]?.string)
            let known = TokenizerJSONKeys.kinds[part]?[type]
            var file: JSONObject = [
                "model": [
                    "type": "BPE", "merges": [],
                    "vocab": ["a": 0, "[CLS]": 1, "[SEP]": 2, "b": 3],
                ]
            ]
            file[part.rawValue] = example
            let config = try TokenizerConfig(TokenizerFiles(folder: "/none"))
            do {
                _ = try TokenizerJSON(json: .object(file), config: config).tokenizer()
                #expect(known != nil, "\(type) is read without a decision")
            } catch let problem as Diagnostic {
                let name = example.object?.first { key, _ in
                    problem.message.contains("\(part.rawValue).\(key)")
                }
                #expect(
                    name != nil || problem.message.contains(type) || problem.message.contains("expression"),
                    "\(example.text()): \(problem.message)")
            }
            for (key, _) in example.object ?? [:] where key != "type" && known != nil {
                #expect(known?[key] != nil, "\(type).\(key)")
            }
        }
    }

    @Test func everyTokenizerClass() throws {
        for (group, names) in Self.keys["tokenizer_config.json"]?["classes"]?.object ?? [:] {
            for name in (names.array ?? []).compactMap(\.string) {
                let config = TokenizerConfig(own: ["tokenizer_class": .string(name)])
                let found = try? TokenizerClass(config, isByteLevel: false)
                #expect(found.map { "\($0)" } ?? "other" == group, "\(name)")
            }
        }
    }

    @Test func anUnknownKeyIsRefusedAndCanBeGoneWithout() throws {
        let files = [
            "tokenizer_config.json": #"{"novel_key": 1, "model_max_length": 1e3, "image_token": "a"}"#
        ]
        let variant = Variant(json: [
            "base": "llama", "files": .object(JSONObject(files.map { ($0.key, .string($0.value)) })),
        ])
        let problem = #expect(throws: Diagnostic.self) { try variant.tokenizer() }
        #expect(problem?.code == "unsupported-key")
        #expect(problem?.message.contains("novel_key") == true)
        #expect(problem?.hint?.contains("ignore=novel_key") == true)
        _ = try variant.tokenizer(ignoring: ["novel_key"])
    }

    /// What a folder with one more file says.
    private func problem(_ name: String, _ text: String, ignoring: Set<String> = []) throws -> Diagnostic? {
        do {
            _ = try Variant(json: ["base": "llama", "files": .object(JSONObject([(name, .string(text))]))])
                .tokenizer(ignoring: ignoring)
            return nil
        } catch let problem as Diagnostic { return problem }
    }

    @Test func flagsOfTokensInListsAreKnownToo() throws {
        for list in [
            #""additional_special_tokens": [{"content": "<x>", "shiny": true}]"#,
            #""extra_special_tokens": {"x": {"content": "<x>", "shiny": true}}"#,
        ] {
            for name in ["tokenizer_config.json", "special_tokens_map.json"] {
                let found = try problem(name, "{\(list)}")
                #expect(found?.code == "unsupported-key" && found?.message.contains("shiny") == true)
                #expect(found?.message.contains(name) == true)
                #expect(try problem(name, "{\(list)}", ignoring: ["shiny"]) == nil)
            }
        }
    }

    @Test func flagsAreTrueOrFalse() throws {
        let found = try problem(
            "tokenizer_config.json", #"{"additional_special_tokens": [{"content": "<x>", "lstrip": "yes"}]}"#)
        #expect(found?.code == "bad-tokenizer" && found?.message.contains("lstrip") == true)
    }

    @Test func idsOfAddedTokensAreNumbers() throws {
        for id in ["1.5", "\"7\"", "-1", "1e30", "null"] {
            let found = try problem("added_tokens.json", "{\"<x>\": \(id)}")
            #expect(found?.code == "bad-tokenizer" && found?.message.contains("added_tokens.json") == true)
        }
        for key in ["seven", "1.5", "-1", ""] {
            let found = try problem(
                "tokenizer_config.json", "{\"added_tokens_decoder\": {\"\(key)\": {\"content\": \"<x>\"}}}")
            #expect(found?.code == "bad-tokenizer", "\(key)")
            #expect(found?.message.contains("added_tokens_decoder") == true)
        }
        #expect(try problem("added_tokens.json", #"{"<x>": 70}"#) == nil)
    }

    @Test func noLimitOfLengthIsALimit() throws {
        let config =
            #"{"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 1000000000000000019884624838656}"#
        _ = try Variant(json: ["base": "llama", "files": ["tokenizer_config.json": .string(config)]])
            .tokenizer()
    }
}
