import Compute
import Diagnostics
import Foundation
import Interchange
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Training

/// PEFT's adapters opened here, ours written as PEFT's.
@Suite struct AdapterTests {
    @Test(arguments: SharedFixtures.adapters)
    func anAdapterOfPEFTGivesItsLogits(name: String) throws {
        let model = try SharedFixtures.base(of: name)
        let opened = try OpenedAdapter(folder: SharedFixtures.folder(name), for: model)
        let tuning = try opened.tuning(of: model, seed: 1)
        #expect(!tuning.trainedParameters.isEmpty)
        let found = try SharedFixtures.logits(model, tuning, SharedFixtures.head(opened, on: model))
        let difference = SharedFixtures.largestDifference(found, try SharedFixtures.goldenLogits(name))
        #expect(difference < 1e-4)
    }

    @Test func theBasesClassifierStaysUnderAnAdapterWithoutOne() throws {
        let model = try SharedFixtures.base(of: "bert-kept")
        let opened = try OpenedAdapter(folder: SharedFixtures.folder("bert-kept"), for: model)
        #expect(opened.head?.labels == ["red", "green", "blue"])
        #expect(opened.remarks.contains { $0.contains("classifier is the base's own") })
        // A base that was trained for something else, or an adapter of a bare model, has none to keep.
        let bare = try SharedFixtures.base(of: "bert-classes")
        #expect(try OpenedAdapter(folder: SharedFixtures.folder("bert-kept"), for: bare).head == nil)
    }

    @Test(arguments: SharedFixtures.adapters)
    func savedAndOpenedAgainNothingChanges(name: String) throws {
        let model = try SharedFixtures.base(of: name)
        let opened = try OpenedAdapter(folder: SharedFixtures.folder(name), for: model)
        let tuning = try opened.tuning(of: model, seed: 1)
        let head = try SharedFixtures.head(opened, on: model)
        let before = try SharedFixtures.logits(model, tuning, head)
        try SharedFixtures.temporary { folder in
            var notes = SharingNotes(method: "lora")
            notes.labels = SharedFixtures.labels(opened)
            let difference = try SavedAdapter(model, tuning, as: LoRAFormat.self, head: head, notes: notes)
                .write(to: folder + "/a", probe: LogitProbe(for: model))
            #expect(difference.largest == 0)
            let again = try OpenedAdapter(folder: folder + "/a", for: model)
            notes.fingerprint = BaseFingerprint.text(of: model)
            #expect(again.notes == notes)
            let second = try again.tuning(of: model, seed: 2)
            #expect(second.trainedParameters.map(\.name) == tuning.trainedParameters.map(\.name))
            #expect(second.replaced.count == SharedFixtures.replacedCounts[name] ?? 0)
            #expect(try SharedFixtures.logits(model, second, SharedFixtures.head(again, on: model)) == before)
        }
    }

    /// What changes a tied table, or its head, is in no weight: one of the two would change with the other.
    @Test func aTiedTableIsNotMerged() throws {
        let model = try SharedFixtures.base(of: "gpt2-words")
        let opened = try OpenedAdapter(folder: SharedFixtures.folder("gpt2-words"), for: model)
        let tuning = try opened.tuning(of: model, seed: 1)
        try SharedFixtures.temporary { folder in
            let problem = #expect(throws: Diagnostic.self) {
                try SavedModel(model, tuning, head: nil, notes: SharingNotes(method: "full"))
                    .write(to: folder + "/m", probe: LogitProbe(for: model))
            }
            #expect(problem?.code == "nothing-to-merge")
        }
    }

    @Test(arguments: SharedFixtures.adapters.filter { !["gpt2-words", "gpt2-tokens"].contains($0) })
    func mergedAndUnmergedAgree(name: String) throws {
        let model = try SharedFixtures.base(of: name)
        let opened = try OpenedAdapter(folder: SharedFixtures.folder(name), for: model)
        let tuning = try opened.tuning(of: model, seed: 1)
        let head = try SharedFixtures.head(opened, on: model)
        let before = try SharedFixtures.logits(model, tuning, head)
        try SharedFixtures.temporary { folder in
            var notes = SharingNotes(method: "full")
            notes.labels = SharedFixtures.labels(opened)
            let outcome = try SavedModel(model, tuning, head: head, notes: notes)
                .write(to: folder + "/m", probe: LogitProbe(for: model))
            #expect(outcome.difference.isRounding)
            let merged = try ModelLoader.load(path: folder + "/m")
            let again = try OpenedModel(folder: folder + "/m", for: merged)
            let after = try SharedFixtures.logits(merged, nil, SharedFixtures.head(again, on: merged))
            let scale = max(1, before.map(abs).max() ?? 1)
            let difference = SharedFixtures.largestDifference(before, after)
            #expect(difference < 1e-5 * scale)
        }
    }

    @Test func layersAreNamedAsBrieflyAsTheyCan() throws {
        let model = try SharedFixtures.base(of: "bert-classes")
        func written(_ targets: [String], layers: String? = nil) throws -> JSON {
            var values = ["targets": SettingValue.names(targets)]
            values["layers"] = layers.map { .names([$0]) }
            let tuning = try LowRankMethod(values).tuning(of: model, seed: 1)
            return try SharedFixtures.temporary { folder in
                _ = try SavedAdapter(
                    model, tuning, as: LoRAFormat.self, head: nil, notes: SharingNotes(method: "lora")
                )
                .write(to: folder + "/a", probe: LogitProbe(for: model))
                return try JSON(parsing: Data(contentsOf: URL(filePath: folder + "/a/adapter_config.json")))
            }
        }
        let usual = try written(["query", "value"])
        #expect(usual["target_modules"] == ["query", "value"])
        #expect(usual["layers_to_transform"] == .null)
        #expect(usual["lora_alpha"] == 16)
        #expect(usual["lora_dropout"] == 0.05)
        #expect(usual["fan_in_fan_out"] == false)
        let last = try written(["up", "k"], layers: "last:1")
        #expect(last["target_modules"] == ["key", "intermediate.dense"])
        #expect(last["layers_to_transform"] == [1])
    }

    /// PEFT's own files may change a pooler, beside layers of some blocks or alone.
    @Test(arguments: [["key"], []]) func aLayerOutsideOfBlocksIsWritten(targets: [String]) throws {
        let model = try SharedFixtures.base(of: "bert-classes")
        let pooler = try #require(model.pooler)
        var tuning = Tuning(reach: model.reach(of: [pooler.path]))
        if !targets.isEmpty {
            tuning = try LowRankMethod(["targets": .names(targets), "layers": .names(["last:1"])])
                .tuning(of: model, seed: 1)
        }
        var config = LoRAConfig()
        config.r = 2
        tuning.linears[pooler.path] = LoRA(
            path: pooler.path, a: Buffer((0..<2 * pooler.inputs).map { Float($0 % 7) / 100 }),
            b: Buffer((0..<2 * pooler.outputs).map { Float($0 % 5) / 100 }), config: config)
        try SharedFixtures.temporary { folder in
            let difference = try SavedAdapter(
                model, tuning, as: LoRAFormat.self, head: nil, notes: SharingNotes(method: "lora")
            )
            .write(to: folder + "/a", probe: LogitProbe(for: model))
            #expect(difference.largest == 0)
            let again = try OpenedAdapter(folder: folder + "/a", for: model).tuning(of: model, seed: 1)
            #expect(Set(again.linears.keys) == Set(tuning.linears.keys))
        }
    }

    @Test func whatDoesNotFitIsSaidWithNames() throws {
        let model = try SharedFixtures.base(of: "llama-writes")
        #expect(throws: Diagnostic.self) {
            try OpenedAdapter(folder: SharedFixtures.folder("bert-classes"), for: model)
        }
        func problem(_ name: String, _ change: (inout JSONObject) -> Void) throws -> Diagnostic? {
            try SharedFixtures.temporary { folder in
                let file = URL(filePath: folder + "/adapter_config.json")
                let weights = "/adapter_model.safetensors"
                try FileManager.default.copyItem(
                    atPath: SharedFixtures.folder(name) + weights, toPath: folder + weights)
                let source = URL(filePath: SharedFixtures.folder(name) + "/adapter_config.json")
                var config = try #require(JSON(parsing: Data(contentsOf: source)).object)
                change(&config)
                try Data(JSON.object(config).utf8()).write(to: file)
                do {
                    _ = try OpenedAdapter(folder: folder, for: model)
                    return nil
                } catch let problem as Diagnostic { return problem }
            }
        }
        let name = "llama-writes"
        #expect(try problem(name) { _ in } == nil)
        #expect(try problem(name) { $0["peft_type"] = "LOHA" }?.message.contains("LOHA") == true)
        #expect(try problem(name) { $0["use_qalora"] = true }?.code == "unsupported-key")
        #expect(try problem(name) { $0["init_lora_weights"] = "corda" }?.code == "unsupported-key")
        #expect(try problem(name) { $0["of_tomorrow"] = 1 }?.message.contains("of_tomorrow") == true)
        #expect(try problem(name) { $0["r"] = 5 }?.message.contains("expected [5, 24]") == true)
        #expect(try problem(name) { $0["r"] = "many" }?.code == "bad-adapter")
        #expect(try problem(name) { $0["alpha_pattern"] = ["q_proj": 1e300] }?.code == "bad-adapter")
        #expect(try problem(name) { $0["target_modules"] = ["q_proj"] }?.code == "bad-adapter")
        #expect(try problem(name) { $0["target_modules"] = ["k_proj", "q_proj"] }?.code == "bad-adapter")
        #expect(try problem(name) { $0["target_modules"] = "(" }?.code == "bad-adapter")
        #expect(try problem("bert-classes") { _ in }?.code == "wrong-base")
        #expect(try problem("llama3-classes") { _ in }?.code == "wrong-shape")
    }

    @Test func anInterruptedSaveLeavesTheEarlierFolder() throws {
        let model = try SharedFixtures.base(of: "bert-classes")
        let tuning = try LowRankMethod().tuning(of: model, seed: 1)
        let saved = SavedAdapter(
            model, tuning, as: LoRAFormat.self, head: nil, notes: SharingNotes(method: "lora"))
        let probe = LogitProbe(for: model)
        try SharedFixtures.temporary { folder in
            _ = try saved.write(to: folder + "/a", probe: probe)
            let weights = URL(filePath: folder + "/a/adapter_model.safetensors")
            let first = try Data(contentsOf: weights)
            // Not-a-number weights fail the comparison after everything has been written.
            let b = try #require(tuning.trainedParameters.last)
            b.dense().pointer[0] = .nan
            #expect(throws: Diagnostic.self) { try saved.write(to: folder + "/a", probe: probe) }
            #expect(try Data(contentsOf: weights) == first)
            b.dense().pointer[0] = 0.5
            _ = try saved.write(to: folder + "/a", probe: probe)
            #expect(try Data(contentsOf: weights) != first)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
            // What someone else put there is never replaced.
            try Data([1]).write(to: URL(filePath: folder + "/a/mine.txt"))
            #expect(throws: Diagnostic.self) { try saved.write(to: folder + "/a", probe: probe) }
        }
    }

    @Test func fullTuningIsSavedAsAModel() throws {
        for name in ["bert-base", "llama", "gpt2-untied"] {
            let path =
                name == "bert-base"
                ? SharedFixtures.folder(name) : GoldenFiles.model(name)
            let model = try ModelLoader.load(path: path)
            let tuning = try FullMethod(["last": .count(1)]).tuning(of: model, seed: 1)
            tuning.trainedParameters[0].writable().pointer[0] += 1
            try SharedFixtures.temporary { folder in
                let outcome = try SavedModel(model, tuning, head: nil, notes: SharingNotes(method: "full"))
                    .write(to: folder + "/m", probe: LogitProbe(for: model))
                #expect(outcome.difference.largest == 0)
                #expect(outcome.remarks == ["the model's folder has no tokenizer files"])
            }
        }
    }
}
