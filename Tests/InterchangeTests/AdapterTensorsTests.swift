import Checkpoints
import Diagnostics
import Foundation
import JSON
import Models
import Testing
import Training

@testable import Interchange

/// Each tensor of an adapter's file is used, or refused by name.
@Suite struct AdapterTensorsTests {
    private typealias Written = (name: String, shape: [Int], values: [Float])

    /// A copy of one of PEFT's adapters with more tensors and other keys, for as long as `body` runs.
    private func changed<Result>(
        _ name: String, adding more: [Written] = [], _ change: (inout JSONObject) -> Void = { _ in },
        _ body: (String) throws -> Result
    ) throws -> Result {
        try SharedFixtures.temporary { folder in
            let source = SharedFixtures.folder(name)
            let file = try SafetensorsFile(path: "\(source)/adapter_model.safetensors")
            let own = file.tensors.map { ($0.name, $0.shape, $0.floats()) }
            let names = Set(more.map(\.name))
            try SafetensorsWriter.write(
                own.filter { !names.contains($0.0) } + more, to: "\(folder)/adapter_model.safetensors")
            let json = try JSON(parsing: Data(contentsOf: URL(filePath: "\(source)/adapter_config.json")))
            var object = try #require(json.object)
            change(&object)
            try Data(JSON.object(object).utf8()).write(to: URL(filePath: "\(folder)/adapter_config.json"))
            return try body(folder)
        }
    }

    private func problem(
        _ name: String, adding more: [Written] = [], ignoring: Set<String> = [],
        _ change: (inout JSONObject) -> Void = { _ in }
    ) throws -> Diagnostic? {
        let model = try SharedFixtures.base(of: name)
        return try changed(name, adding: more, change) { folder in
            do {
                _ = try OpenedAdapter(folder: folder, for: model, ignoring: ignoring)
                return nil
            } catch let problem as Diagnostic { return problem }
        }
    }

    @Test func aTiedTableGoesWithItsHead() throws {
        let model = try SharedFixtures.base(of: "llama-writes")
        let shape = [model.config.vocabulary, model.config.width]
        let values = [Float](repeating: 0.5, count: shape[0] * shape[1])
        let prefix = "base_model.model."
        let table: Written = (prefix + "model.embed_tokens.weight", shape, values)
        let head: Written = (prefix + "lm_head.weight", shape, values)
        let other: Written = (prefix + "lm_head.weight", shape, values.map { -$0 })
        for (tensors, isRead) in [
            ([table], false), ([head], false), ([table, other], false), ([table, head], true),
        ] {
            let found = try problem("llama-writes", adding: tensors)
            #expect((found == nil) == isRead)
            if let found {
                #expect(found.code == "unsupported-key" && found.message.contains("modules_to_save"))
                #expect(found.hint?.contains("ensure_weight_tying") == true)
            }
        }
        // Above a bare model is no head.
        #expect(
            try problem("llama-writes", adding: [table]) { $0["task_type"] = "FEATURE_EXTRACTION" } == nil)
    }

    @Test func twoOfOneTensorMustAgree() throws {
        let name = "base_model.model.classifier.modules_to_save.bias"
        let file = try SafetensorsFile(
            path: SharedFixtures.folder("bert-classes") + "/adapter_model.safetensors")
        let bias = try #require(file.tensor(named: "base_model.model.classifier.bias"))
        #expect(try problem("bert-classes", adding: [(name, bias.shape, bias.floats())]) == nil)
        let other = try problem("bert-classes", adding: [(name, bias.shape, bias.floats().map { $0 + 1 })])
        #expect(other?.code == "bad-adapter" && other?.message.contains("classifier") == true)
    }

    @Test func tensorsOfOtherKindsAreRefusedByNameAndCanBeIgnored() throws {
        let path = "base_model.model.bert.encoder.layer.0.attention.self.query."
        for kind in ["trainable_tokens_original", "lora_diag"] {
            let tensor: Written = (path + kind, [24], [Float](repeating: 1, count: 24))
            let found = try problem("bert-classes", adding: [tensor])
            #expect(found?.code == "unsupported-adapter" && found?.message.contains(kind) == true)
            #expect(found?.hint?.contains("ignore=\(kind)") == true)
            #expect(try problem("bert-classes", adding: [tensor], ignoring: [kind]) == nil)
        }
        let stray: Written = (path + "lora_magnitude_vector", [24], [Float](repeating: 1, count: 24))
        #expect(try problem("bert-classes", adding: [stray])?.hint?.contains("use_dora") == true)
        let stranger = try problem("bert-classes", adding: [("of.tomorrow", [1], [1])])
        #expect(stranger?.message.contains("of.tomorrow") == true)
    }

    /// The adapter with some bytes of its weights' file changed.
    private func problem(_ name: String, bytes change: (inout Data) throws -> Void) throws -> Diagnostic? {
        let model = try SharedFixtures.base(of: name)
        return try changed(name, adding: []) { folder in
            let file = URL(filePath: "\(folder)/adapter_model.safetensors")
            var bytes = try Data(contentsOf: file)
            try change(&bytes)
            try FileManager.default.removeItem(at: file)
            try bytes.write(to: file)
            do {
                _ = try OpenedAdapter(folder: folder, for: model)
                return nil
            } catch let problem as Diagnostic { return problem }
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func whatIsNoNumberIsRefusedByTheTensorsName(value: Float) throws {
        for (adapter, part) in [
            ("bert-classes", "lora_A"), ("bert-classes", "lora_B"), ("bert-classes", "classifier"),
            ("bert-expression", "pooler"),
        ] {
            let found = try problem(adapter) { bytes in
                let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).st")
                try bytes.write(to: path)
                defer { try? FileManager.default.removeItem(at: path) }
                let tensor = try #require(
                    SafetensorsFile(path: path.path).tensors.first { $0.name.contains(part) })
                withUnsafeBytes(of: value.bitPattern.littleEndian) {
                    bytes.replaceSubrange(tensor.offset..<tensor.offset + 4, with: $0)
                }
            }
            #expect(found?.code == "not-finite", "\(part): \(String(describing: found))")
            #expect(found?.message.contains(part) == true)
            #expect(found?.hint != nil)
        }
    }

    @Test func wholeNumbersAreNoThinMatrices() throws {
        let found = try problem("bert-classes") { bytes in
            let place = try #require(bytes.range(of: Data("\"F32\"".utf8)))
            bytes.replaceSubrange(place, with: Data("\"I32\"".utf8))
        }
        #expect(found?.code == "quantised-weights")
        #expect(found?.message.contains("I32") == true)
    }

    @Test func aBasesOwnWeightMustBeTheModels() throws {
        let file = try SafetensorsFile(
            path: SharedFixtures.folder("llama-words") + "/adapter_model.safetensors")
        let name = "base_model.model.lm_head.base_layer.weight"
        let head = try #require(file.tensor(named: name))
        let other: Written = (name, head.shape, head.floats().map { $0 + 1 })
        let found = try problem("llama-words", adding: [other])
        #expect(found?.code == "wrong-base" && found?.message.contains("lm_head") == true)
    }

    @Test func patternsAreSaid() throws {
        let model = try SharedFixtures.base(of: "bert-patterns")
        let opened = try OpenedAdapter(folder: SharedFixtures.folder("bert-patterns"), for: model)
        let remark = opened.remarks.first { $0.contains("rank_pattern") }
        #expect(remark?.contains("attention.self.value r=2") == true)
        #expect(remark?.contains("output.dense alpha=12") == true)
    }

    @Test func whatIsIgnoredMustBeThere() throws {
        let found = try problem("bert-classes", ignoring: ["use_qalorra"])
        #expect(found?.code == "unknown-key" && found?.hint == "did you mean use_qalora?")
        #expect(try problem("bert-classes", ignoring: ["use_qalora"]) { $0["use_qalora"] = true } == nil)
    }

    @Test func biasesAreSavedAsPEFTNamesThem() throws {
        for (bias, layers) in [("all", nil), ("lora_only", ["query", "value"])] as [(String, [String]?)] {
            let model = try SharedFixtures.base(of: "bert-biases")
            var tuning = try OpenedAdapter(folder: SharedFixtures.folder("bert-biases"), for: model)
                .tuning(of: model, seed: 1)
            if let layers {
                tuning.replaced = tuning.replaced.filter { name, _ in
                    layers.contains { name.hasSuffix("\($0).bias") }
                }
            }
            try SharedFixtures.temporary { folder in
                _ = try SavedAdapter(
                    model, tuning, as: LoRAFormat.self, head: nil, notes: SharingNotes(method: "lora")
                )
                .write(to: folder + "/a", probe: LogitProbe(for: model))
                let written = try JSON(
                    parsing: Data(contentsOf: URL(filePath: folder + "/a/adapter_config.json")))
                #expect(written["bias"] == .string(bias))
                #expect(written["modules_to_save"] == .null)
                let names = try SafetensorsFile(path: folder + "/a/adapter_model.safetensors").names
                let inside = "base_model.model.encoder.layer.0.attention.self.query.base_layer.bias"
                #expect(names.contains(inside))
                #expect(names.contains { $0.hasSuffix("LayerNorm.bias") } == (bias == "all"))
            }
        }
    }

    @Test func ourOwnNotesAreReadWholeOrRefused() throws {
        func problem(_ change: (inout JSONObject) -> Void) throws -> Diagnostic? {
            try SharedFixtures.temporary { folder in
                var object = try #require(SharingNotes(method: "lora").json.object)
                change(&object)
                try Data(JSON.object(object).utf8()).write(to: URL(filePath: "\(folder)/lorikeet.json"))
                do {
                    _ = try SharingNotes(in: folder)
                    return nil
                } catch let problem as Diagnostic { return problem }
            }
        }
        #expect(try problem { _ in } == nil)
        #expect(try problem { $0["pooling"] = "max" }?.message.contains("pooling is") == true)
        #expect(try problem { $0["of_tomorrow"] = 1 }?.code == "unsupported-key")
        for (key, values) in [
            "max_length": [-5, 0, 1e99, 2.5, "many"], "last": [-1, "all"],
            "settings": [3, ["r": 0], ["magic": 1]], "labels": ["a", [1, 2]],
            "thirds": [7, ["q"], [3]], "method": ["magic", 3], "template": [3], "model": [[]],
        ] as [String: [JSON]] {
            for value in values {
                let found = try problem { $0[key] = value }
                #expect(found?.message.contains(key) == true, "\(key) \(value.text())")
            }
        }
    }

    @Test func notesOfAnotherMethodAreRefused() throws {
        let model = try SharedFixtures.base(of: "bert-classes")
        let found = try changed("bert-classes", adding: []) { folder -> Diagnostic? in
            try Data(SharingNotes(method: "full").json.utf8()).write(
                to: URL(filePath: "\(folder)/lorikeet.json"))
            do {
                _ = try OpenedAdapter(folder: folder, for: model)
                return nil
            } catch let problem as Diagnostic { return problem }
        }
        #expect(found?.code == "bad-adapter")
        #expect(found?.message.contains("full") == true && found?.message.contains("LORA") == true)
    }

    @Test func downOnBERTIsSavedSoThatPEFTTakesNoMore() throws {
        let model = try SharedFixtures.base(of: "bert-classes")
        let tuning = try LowRankMethod(["targets": .names(["down"])]).tuning(of: model, seed: 1)
        try SharedFixtures.temporary { folder in
            _ = try SavedAdapter(
                model, tuning, as: LoRAFormat.self, head: nil, notes: SharingNotes(method: "lora")
            )
            .write(to: folder + "/a", probe: LogitProbe(for: model))
            let config = try AdapterConfig(
                reading: JSON(parsing: Data(contentsOf: URL(filePath: folder + "/a/adapter_config.json"))))
            let taken = try model.linears.filter { try config.matches($0.path) }.map(\.path)
            #expect(taken == (0..<2).map { "encoder.layer.\($0).output.dense" })
        }
    }
}
