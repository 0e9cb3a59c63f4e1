import Checkpoints
import Compute
import Diagnostics
import Foundation
import Interchange
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Tokenizers
import Training

/// A head that fills masks in, made for an encoder without one: saved beside an adapter, merged, opened.
@Suite struct SavedMaskedHeadTests {
    private struct Tuned {
        let loaded: LoadedModel
        let method: AttachedMethod
        let task: MaskedModelling
        let head: MaskedHead

        /// Everything has changed.
        init() throws {
            let model = try ModelLoader.load(path: GoldenFiles.peft("bert-base"))
            loaded = LoadedModel(
                name: "tiny", source: "here", model: model, tokenizer: NanoTokenizer(isEncoder: true),
                request: ModelRequest(name: "tiny", seed: 1))
            method = try AttachedMethod(LowRankMethod(), to: loaded, seed: 1)
            task = try MaskedModelling(
                model: model, tokenizer: loaded.tokenizer, masking: .init(), maxLength: 16, seed: 1)
            head = try #require(task.maskedHead)
            for (index, parameter) in (method.parameters + task.parameters).enumerated() {
                parameter.fill(scale: 0.3, phase: 0.2 * Double(index))
            }
        }

        func save(to folder: String) throws -> TunedModel.Written {
            try TunedModel(loaded, method, task: task, data: nil, seen: SeenTexts(), base: nil).save(
                to: folder)
        }

        func logits() throws -> [Float] {
            try SharedFixtures.logits(loaded.model.with(head), method.tuning, nil)
        }
    }

    private static func logits(of folder: String, on model: any LanguageModel) throws -> [Float] {
        let opened = try OpenedAdapter(folder: folder, for: model)
        let made = try opened.maskedHead?.maskedHead(for: model)
        let head = try #require(made)
        return try SharedFixtures.logits(model.with(head), opened.tuning(of: model, seed: 1), nil)
    }

    @Test func besideAnAdapterItIsPEFTsModuleToSave() throws {
        let tuned = try Tuned()
        try SharedFixtures.temporary { place in
            let folder = place + "/a"
            let written = try tuned.save(to: folder)
            #expect(written.difference.largest == 0)
            #expect(written.count == tuned.method.trainableCount + 24 * 24 + 3 * 24 + 61)
            let config = try JSON(file: folder + "/adapter_config.json")
            #expect(config["modules_to_save"] == ["cls"] && config["task_type"]?.isNull == true)
            let file = try SafetensorsFile(path: folder + "/adapter_model.safetensors")
            #expect(file.names.contains("base_model.model.cls.predictions.transform.dense.weight"))
            #expect(file.names.contains { $0.hasPrefix("base_model.model.bert.encoder.layer.0.") })
            let fresh = try ModelLoader.load(path: GoldenFiles.peft("bert-base"))
            #expect(try Self.logits(of: folder, on: fresh) == tuned.logits())
            let remarks = try OpenedAdapter(folder: folder, for: fresh).remarks
            #expect(remarks.allSatisfy { !$0.contains("another base") })
        }
    }

    /// PEFT writes the table too, which its module holds a copy of.
    @Test(arguments: [false, true]) func aTableBesideItMustBeTheEmbeddings(isOther: Bool) throws {
        let tuned = try Tuned()
        try SharedFixtures.temporary { place in
            let folder = place + "/a"
            _ = try tuned.save(to: folder)
            let path = folder + "/adapter_model.safetensors"
            var words = tuned.loaded.model.words.dense().floats.prefix(61 * 24).map { $0 }
            if isOther { words[5] += 1 }
            let tensors =
                try SafetensorsFile(path: path).tensors.map { ($0.name, $0.shape, $0.floats()) }
                + [("base_model.model.cls.predictions.decoder.weight", [61, 24], words)]
            try SafetensorsWriter.write(tensors, metadata: ["format": "pt"], to: path)
            guard isOther else {
                #expect(try Self.logits(of: folder, on: tuned.loaded.model) == tuned.logits())
                return
            }
            let found = #expect(throws: Diagnostic.self) {
                try OpenedAdapter(folder: folder, for: tuned.loaded.model)
            }
            #expect(found?.code == "unsupported-head")
        }
    }

    @Test func mergedItIsTheModelsOwn() throws {
        let tuned = try Tuned()
        try SharedFixtures.temporary { place in
            let written = try TunedModel(
                tuned.loaded, tuned.method, task: tuned.task, data: nil, seen: SeenTexts(), base: nil
            ).merge(to: place + "/m")
            #expect(written.difference.isRounding)
            let config = try JSON(file: place + "/m/config.json")
            #expect(config["architectures"] == ["BertForMaskedLM"])
            let whole = try ModelLoader.load(path: place + "/m")
            #expect(whole.hasLanguageHead && whole.maskedHead?.table === whole.words)
            let found = try SharedFixtures.logits(whole, nil, nil)
            #expect(try SharedFixtures.largestDifference(found, tuned.logits()) < 1e-4)
        }
    }
}
