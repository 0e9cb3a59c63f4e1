import Diagnostics
import Foundation
import JSON
import Learning
import Testing
import Training

@testable import Interchange

/// Every key of PEFT's LoraConfig, and every value of its closed sets, has a decision.
@Suite struct AdapterKeysTests {
    private static let plain: JSONObject = [
        "peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": ["query"],
    ]

    private static func known() throws -> JSON {
        try JSON(parsing: Data(contentsOf: URL(filePath: SharedFixtures.folder("keys.json"))))
    }

    /// What reading says when one key has this value.
    private func problem(_ key: String, _ value: JSON, ignoring: Set<String> = []) throws -> Diagnostic? {
        var object = Self.plain
        object[key] = value
        do {
            _ = try AdapterConfig(reading: .object(object), ignoring: ignoring)
            return nil
        } catch let problem as Diagnostic { return problem }
    }

    @Test func everyKeyAndValueIsReadOrRefusedByName() throws {
        var counts: [String: Int] = [:]
        for (key, values) in try #require(Self.known()["keys"]?.object) {
            let decision = AdapterConfig.decisions(of: LoRAFormat.self).decisions[key]
            let what = try #require(decision, "\(key) has no decision")
            switch what {
            case .used, .only: counts["used", default: 0] += 1
            case .harmless: counts["harmless", default: 0] += 1
            case .refused: counts["refused", default: 0] += 1
            }
            for value in values.array ?? [] where key != "target_modules" {
                let found = try problem(key, value)
                counts[found == nil ? "values read" : "values refused", default: 0] += 1
                guard let found else { continue }
                #expect(found.code == "unsupported-key", "\(key) \(value.text()): \(found.message)")
                #expect(found.message.contains(key), "\(key): \(found.message)")
                // Without the key it is plain LoRA.
                #expect(try problem(key, value, ignoring: [key]) == nil, "\(key)")
            }
        }
        #expect(
            counts == ["used": 20, "harmless": 12, "refused": 12, "values read": 78, "values refused": 20])
    }

    @Test func ofPEFTsKindsThoseOfTheMethodsAreRead() throws {
        let read = PEFTFormats.all.map { JSON.string($0.peftType) }
        #expect(read.contains("LORA"))
        for kind in try #require(Self.known()["kinds"]?.array) {
            let found = try problem("peft_type", kind, ignoring: ["r", "lora_alpha"])
            #expect((found?.code == "unsupported-adapter") == !read.contains(kind))
            // Of those that hold no layers, target_modules is no key.
            let isOfLayers = !PEFTFormats.all.contains {
                $0.peftType == kind.string && $0 is any PEFTPromptFormat.Type
            }
            if let found, isOfLayers { #expect(found.message.contains(kind.string ?? "?")) }
        }
    }

    @Test func keysOfSubConfigurationsAreKnown() throws {
        for (key, names) in try #require(Self.known()["parts"]?.object) {
            let names = (names.array ?? []).compactMap(\.string)
            guard case .harmless = AdapterConfig.decisions(of: LoRAFormat.self).decisions[key] else {
                continue
            }
            #expect(try problem(key, .object(JSONObject(names.map { ($0, 1) }))) == nil)
            let found = try problem(key, ["not_of_peft": 1])
            #expect(found?.message.contains("\(key).not_of_peft is not known") == true)
        }
    }

    @Test func theirInitialisationsAreReadOrRefused() throws {
        func start(_ value: JSON) throws -> LoRAConfig.Initialisation? {
            var object = Self.plain
            object["init_lora_weights"] = value
            return (try? AdapterConfig(reading: .object(object)).format as? LoRAFormat)?
                .lora.initialisation
        }
        for value: JSON in [true, false, "gaussian", "Gaussian", "eva", "orthogonal", "mica"] {
            #expect(try start(value)?.lessensBase == false)
        }
        #expect(try start("pissa") == .pissa)
        #expect(try start("olora") == .olora)
        for value: JSON in ["pissa_niter_16", "corda", "loftq", "lora_ga", "of_tomorrow"] {
            #expect(try start(value) == nil)
            #expect(
                try problem("init_lora_weights", value)?.hint?.contains("ignore=init_lora_weights") == true)
        }
    }

    @Test func whatPEFTRefusesTogetherIsRefused() throws {
        var object = Self.plain
        object["target_modules"] = "all-linear"
        object["layers_to_transform"] = [0]
        #expect(throws: Diagnostic.self) { try AdapterConfig(reading: .object(object)) }
    }

    @Test func theKeysThatAreWrittenArePEFTs() throws {
        let known = try #require(Self.known()["keys"]?.object)
        var config = try AdapterConfig(reading: .object(Self.plain))
        config.bias = "lora_only"
        let written = try #require(config.json.object)
        for (key, _) in written { #expect(known[key] != nil, "PEFT has no \(key)") }
        #expect(try AdapterConfig(reading: config.json).json == config.json)
    }
}
