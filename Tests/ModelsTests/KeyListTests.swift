import Diagnostics
import Foundation
import JSON
import Testing

@testable import Models

/// Every key that the classes of Transformers, llama.cpp and sentence-transformers know has a decision here:
/// `Tests/Golden/make_key_lists.py` writes the lists.
@Suite struct KeyListTests {
    private static func list(_ name: String) throws -> (keys: JSONObject, values: JSONObject) {
        let path = Golden.folder("../keys/models.json")
        let json = try JSON(parsing: Data(contentsOf: URL(filePath: path)))
        let entry = try #require(json[name])
        return (try #require(entry["keys"]?.object), try #require(entry["values"]?.object))
    }

    /// What is decided, by the kind of decision.
    private struct Counts: CustomStringConvertible {
        var used = 0
        var harmless = 0
        var refused = 0
        var values: (accepted: Int, refused: Int) = (0, 0)
        var undecided: [String] = []

        mutating func count(_ key: String, _ decision: KeyDecision?) {
            switch decision {
            case .used: used += 1
            case .harmless(let reason):
                harmless += 1
                if reason.isEmpty { undecided.append("\(key) has no reason") }
            case .only, .refused: refused += 1
            case nil: undecided.append(key)
            }
        }

        var description: String {
            "\(used) used, \(harmless) harmless, \(refused) refused where they say something else; "
                + "\(values.accepted) values accepted, \(values.refused) refused"
        }
    }

    @Test(arguments: ModelRegistry.families.map(\.name))
    func everyKeyAndValueOfAFamilyIsDecided(name: String) throws {
        let family = try #require(ModelRegistry.family(named: name))
        let (keys, values) = try Self.list(name)
        var counts = Counts()
        for (key, _) in keys { counts.count(key, family.keys.decision(on: key)) }
        let base = JSONObject(keys.filter { !$0.value.isNull }.map { ($0, $1) })
        for (key, list) in values {
            for value in list.array ?? [] {
                var object = Self.small(base, name)
                object[key] = key == "architectures" ? [value] : value
                do {
                    try Self.read(.object(object), as: family)
                    counts.values.accepted += 1
                } catch let problem as Diagnostic {
                    let isNamed = problem.message.contains(value.string ?? key)
                    #expect(isNamed, "\(key)=\(value.text()): \(problem.message)")
                    counts.values.refused += 1
                }
            }
        }
        #expect(counts.undecided.isEmpty)
        print("keys of \(name)'s config.json: \(counts)")
    }

    /// Every value of a closed set that is accepted and used was compared with the reference's numbers
    /// (`VariantTests`); here it must build a model.
    private static func read(_ json: JSON, as family: ModelFamily) throws {
        try family.keys.check(json)
        _ = try family.task(of: json)
        let config = try family.config(ConfigReader(json: json, source: "config.json"))
        _ = try family.make(config, ParameterStore(seed: 1))
    }

    /// The reference's default configuration with few and small layers.
    private static func small(_ base: JSONObject, _ family: String) -> JSONObject {
        var object = base
        let sizes: [String: Int] =
            family == "gpt2"
            ? [
                "n_embd": 8, "hidden_size": 8, "n_head": 2, "num_attention_heads": 2, "n_layer": 1,
                "num_hidden_layers": 1, "n_positions": 8, "max_position_embeddings": 8, "vocab_size": 5,
            ]
            : [
                "hidden_size": 8, "num_attention_heads": 2, "num_key_value_heads": 2, "head_dim": 4,
                "num_hidden_layers": 1, "intermediate_size": 6, "max_position_embeddings": 8, "vocab_size": 5,
            ]
        for (key, value) in sizes where base[key] != nil { object[key] = .integer(value) }
        return object
    }

    @Test(arguments: ModelRegistry.families.map(\.name))
    func aMissingKeyMeansTheReferencesDefault(name: String) throws {
        let family = try #require(ModelRegistry.family(named: name))
        let (keys, _) = try Self.list(name)
        let base = JSONObject(keys.filter { !$0.value.isNull }.map { ($0, $1) })
        let whole = try family.config(ConfigReader(json: .object(base), source: "config.json"))
        for key in base.keys {
            var less = base
            less[key] = nil
            let found = try? family.config(ConfigReader(json: .object(less), source: "config.json"))
            if let found { #expect(found == whole, "\(key)") }
        }
    }

    /// What Transformers takes from a GGUF file's header and writes on (`GGUF_CONFIG_MAPPING`).
    @Test func aConfigurationThatCameFromAGGUFFileIsRead() throws {
        let llama = try #require(ModelRegistry.family(named: "llama"))
        for key in ["_model_name_or_path", "bos_token_id", "eos_token_id", "unk_token_id", "pad_token_id"] {
            #expect(llama.keys.decision(on: key) != nil, "\(key)")
        }
    }

    @Test func everyKeyOfRotaryScalingIsDecided() throws {
        let (keys, values) = try Self.list("rope")
        var counts = Counts()
        for (key, _) in keys { counts.count(key, KeyDecisions.rope.decision(on: key)) }
        let full: JSONObject = [
            "factor": 2.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "short_factor": [1.0, 2.0],
            "long_factor": [1.0, 2.0], "attention_factor": 1.0, "original_max_position_embeddings": 4,
        ]
        let llama = try #require(ModelRegistry.family(named: "llama"))
        let base = Self.small(
            JSONObject(try Self.list("llama").keys.filter { !$0.value.isNull }.map { ($0, $1) }), "llama")
        for value in values["rope_type"]?.array ?? [] {
            var (object, scaling) = (base, full)
            scaling["rope_type"] = value
            object["rope_parameters"] = .object(scaling)
            do {
                try Self.read(.object(object), as: llama)
                counts.values.accepted += 1
            } catch let problem as Diagnostic {
                #expect(problem.message.contains(value.string ?? "?"), "\(problem.message)")
                counts.values.refused += 1
            }
        }
        #expect(counts.undecided.isEmpty)
        print("keys of rope_parameters: \(counts)")
    }

    @Test func everyKeyOfAGGUFHeaderIsDecidedHereOrTheTokenizers() throws {
        let (keys, values) = try Self.list("gguf")
        var counts = Counts()
        var tokenizers = 0
        for (key, _) in keys {
            if key.hasPrefix("tokenizer.") {
                tokenizers += 1
            } else {
                counts.count(key, KeyDecisions.ggufLlama.decision(on: key))
            }
        }
        for (key, list) in values {
            for value in list.array ?? [] {
                let isKnown = (try? KeyDecisions.ggufLlama.check(.object([key: value]))) != nil
                counts.values.accepted += isKnown ? 1 : 0
                counts.values.refused += isKnown ? 0 : 1
            }
        }
        #expect(counts.undecided.isEmpty)
        print("keys of a GGUF header: \(counts); \(tokenizers) are the tokenizer's")
    }

    @Test func everyKeyOfSentenceTransformersFilesIsDecided() throws {
        let files: [(String, KeyDecisions)] = [
            ("modules.json", .sentenceModule), ("1_Pooling/config.json", .sentencePooling),
            ("sentence_bert_config.json", .sentenceEncoder),
            ("config_sentence_transformers.json", .sentenceSettings),
        ]
        for (name, decisions) in files {
            var counts = Counts()
            for (key, _) in try Self.list(name).keys { counts.count(key, decisions.decision(on: key)) }
            #expect(counts.undecided.isEmpty)
            print("keys of \(name): \(counts)")
        }
        for kind in try Self.list("modules.json").values["type"]?.array ?? [] {
            let isKnown = KeyDecisions.sentenceModules.decision(on: kind.string ?? "") != nil
            let passes = (try? KeyDecisions.sentenceModules.check(.object([kind.string ?? "": true]))) != nil
            #expect(isKnown == passes, "\(kind.text())")
        }
    }
}
