import Checkpoints
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Training

@testable import Interchange

/// Heads of one output, as Transformers and PEFT save them (`Tests/Golden/make_regression.py`).
@Suite struct NumberHeadTests {
    private static func folder(_ name: String) -> String {
        GoldenFiles.folder.appending(path: "regression/\(name)").path
    }

    private static func golden(_ name: String) throws -> [Float] {
        let file = try SafetensorsFile(path: "\(folder(name))/golden.st")
        return try #require(file.tensor(named: "logits")).floats()
    }

    private static func opened(_ name: String) throws -> (model: any LanguageModel, head: ClassificationHead)
    {
        let model = try ModelLoader.load(path: folder(name))
        let opened = try OpenedModel(folder: folder(name), for: model)
        return (model, try #require(try SharedFixtures.head(opened, on: model)))
    }

    @Test(arguments: ["bert", "llama"]) func transformersModelOfOneLabelIsOpened(name: String) throws {
        let (model, head) = try Self.opened(name)
        #expect(head.classifier.outputs == 1)
        let difference = try SharedFixtures.largestDifference(
            SharedFixtures.logits(model, nil, head), Self.golden(name))
        #expect(difference < 1e-5)
    }

    @Test func peftsAdapterOfOneLabelIsOpened() throws {
        let model = try ModelLoader.load(path: GoldenFiles.peft("bert-base"))
        let opened = try OpenedAdapter(folder: Self.folder("bert-lora"), for: model)
        let saved = try #require(opened.head)
        #expect(saved.givesNumber && saved.fits([]) && !saved.fits(["a"]) && !saved.fits(["a", "b"]))
        let head = try #require(try SharedFixtures.head(opened, on: model))
        let difference = try SharedFixtures.largestDifference(
            SharedFixtures.logits(model, opened.tuning(of: model, seed: 0), head),
            Self.golden("bert-lora"))
        #expect(difference < 1e-5)
    }

    @Test(arguments: ["bert", "llama"]) func whatIsWrittenIsARegressionToTransformers(name: String) throws {
        let (model, head) = try Self.opened(name)
        try SharedFixtures.temporary { folder in
            let outcome = try SavedModel(model, nil, head: head, notes: SharingNotes(method: "full"))
                .write(
                    to: folder + "/m",
                    probe: LogitProbe([Row(ids: [1, 5, 9], identity: 1)], for: model, under: nil))
            #expect(outcome.difference.largest == 0)
            let config = try JSON(parsing: Data(contentsOf: URL(filePath: folder + "/m/config.json")))
            #expect(config["problem_type"] == "regression" && config["id2label"] == ["0": "LABEL_0"])
            let again = try OpenedModel(folder: folder + "/m", for: ModelLoader.load(path: folder + "/m"))
            #expect(again.head?.givesNumber == true && again.head?.labels == [])
        }
    }

    /// What a number is called is no class, and several numbers at once are none of ours.
    @Test func aNamedNumberIsANumberAndSeveralAreRefused() throws {
        func problem(_ edits: JSONObject, of name: String) throws -> Diagnostic? {
            try SharedFixtures.temporary { folder in
                let place = folder + "/m"
                try FileManager.default.copyItem(atPath: name, toPath: place)
                let file = URL(filePath: place + "/config.json")
                var config = try #require(JSON(parsing: Data(contentsOf: file)).object)
                for (key, value) in edits { config[key] = value }
                try Data(JSON.object(config).text().utf8).write(to: file)
                do {
                    let model = try ModelLoader.load(path: place)
                    let opened = try OpenedModel(folder: place, for: model)
                    #expect(opened.head?.labels == [])
                    return nil
                } catch let problem as Diagnostic { return problem }
            }
        }
        let number = Self.folder("bert")
        #expect(try problem(["id2label": ["0": "relatedness"]], of: number) == nil)
        let one = try problem(["problem_type": "single_label_classification"], of: number)
        #expect(one?.code == "wrong-task" && one?.hint?.contains("ignore=problem_type") == true)
        let several = try problem(["problem_type": "regression"], of: GoldenFiles.peft("bert-classifier"))
        #expect(several?.code == "wrong-task")
    }
}
