import Compute
import Diagnostics
import Foundation
import Interchange
import Learning
import Models
import TestFixtures
import Testing
import Training

/// What every method has become is the same once it is saved and opened, whichever method it is.
@Suite struct SavedMethodTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let method: any Method.Type
        let base: String
        var testDescription: String { "\(method.declaration.name) on \(base)" }

        func model() throws -> any LanguageModel {
            try ModelLoader.load(
                path: base == "bert-base" ? GoldenFiles.peft(base) : GoldenFiles.model(base))
        }
    }

    static let cases = MethodRegistry.all.flatMap { method in
        ["bert-base", "gpt2", "gpt2-untied", "llama", "llama3"].map { Case(method: method, base: $0) }
    }.filter { MethodCases.isPossible($0.method, on: $0.base) }

    /// A batch norm has statistics that a head without one cannot take up, nor the other way round.
    @Test(arguments: [nil, HeadNorm.batch]) func aHeadIsFilledFromOneLikeIt(norm: HeadNorm?) throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        func head(_ norm: HeadNorm?) -> ClassificationHead {
            ClassificationHead(
                for: model, classes: 3, pooling: model.defaultPooling, usesPooler: model.pooler != nil,
                norm: norm, seed: 1)
        }
        var notes = SharingNotes(method: "lora")
        notes.labels = ["a", "b", "c"]
        try SharedFixtures.temporary { place in
            let tuning = try LowRankMethod().tuning(of: model, seed: 1)
            _ = try SavedAdapter(model, tuning, as: LoRAFormat.self, head: head(norm), notes: notes)
                .write(to: place + "/a", probe: LogitProbe(for: model))
            let saved = try #require(OpenedAdapter(folder: place + "/a", for: model).head)
            try saved.fill(head(norm), labels: notes.labels)
            let found = #expect(throws: Diagnostic.self) {
                try saved.fill(head(norm == nil ? .batch : nil), labels: notes.labels)
            }
            #expect(found?.code == "wrong-head")
            #expect(found?.hint == "load the model again with\(norm == nil ? "out" : "") head.norm=batch")
        }
    }

    /// Every value is changed, the classifier's too.
    @Test(arguments: cases, [nil, HeadNorm.batch])
    func openedItIsAsItWasSaved(_ tried: Case, norm: HeadNorm?) throws {
        let model = try tried.model()
        let method = try tried.method.init(Self.settings(of: tried.method))
        let tuning = try method.tuning(of: model, seed: 1)
        for parameter in tuning.trainedParameters {
            let values = parameter.writable()
            for index in 0..<parameter.count { values.pointer[index] += 0.05 * sin(Float(index)) }
        }
        let head = ClassificationHead(
            for: model, classes: 3, pooling: model.defaultPooling, usesPooler: model.pooler != nil,
            norm: norm, seed: 1)
        head.classifier.weight.fill(scale: 0.3, phase: 0.2)
        for (index, parameter) in ((head.norm?.parameters ?? []) + head.buffers).enumerated() {
            for place in 0..<parameter.count {
                parameter.writable().pointer[place] = 0.8 + 0.3 * sin(Float(place + 7 * index))
            }
        }
        let before = try SharedFixtures.logits(model, tuning, head)
        // A classifier stands in the place of the language head.
        func read(_ tuning: Tuning) -> [String] {
            tuning.trainedParameters.map(\.name).filter { model.part(of: $0) != .languageHead }.sorted()
        }
        #expect(try SharedFixtures.logits(model, nil, head) != before || read(tuning).isEmpty)
        var notes = SharingNotes(method: method.declaration.name)
        notes.labels = ["a", "b", "c"]
        if method.isSavedWhole {
            notes.settings = Dictionary(
                method.values.changes.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        }
        try SharedFixtures.temporary { place in
            let (folder, probe) = (place + "/saved", LogitProbe(for: model, under: tuning))
            let (fresh, opened): (any LanguageModel, any TuningSource & HeadBearing)
            if let format = method.blockFormat {
                _ = try SavedBlocks(model, tuning, as: format, head: head, notes: notes)
                    .write(to: folder, probe: probe)
            }
            if let format = method.peft {
                _ = try SavedAdapter(model, tuning, as: format, head: head, notes: notes)
                    .write(to: folder, probe: probe)
                fresh = try tried.model()
                opened = try OpenedAdapter(folder: folder, for: fresh)
            } else if method.blockFormat != nil {
                fresh = try tried.model()
                opened = try AdapterFolder.open(folder, for: fresh)
            } else {
                _ = try SavedModel(model, tuning, head: head, notes: notes).write(to: folder, probe: probe)
                fresh = try ModelLoader.load(path: folder)
                opened = try OpenedModel(folder: folder, for: fresh)
            }
            #expect(opened.declaration == method.declaration)
            if method.isSavedWhole { #expect(opened.values == method.values) }
            let again = try opened.tuning(of: fresh, seed: 2)
            #expect(read(again) == read(tuning))
            let after = try SharedFixtures.logits(fresh, again, SharedFixtures.head(opened, on: fresh))
            #expect(after == before)
        }
    }

    /// Some that are not as usual, where whole models are saved: they are noted and read.
    private static func settings(of method: any Method.Type) -> [String: SettingValue] {
        guard method.isSavedWhole else { return [:] }
        let counts = method.declaration.settings.filter { $0.name != "seed" && $0.accepts(.count(2)) }
        return Dictionary(uniqueKeysWithValues: counts.map { ($0.name, .count(2)) })
    }
}
