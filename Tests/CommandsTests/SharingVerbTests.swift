import Diagnostics
import Foundation
import JSON
import Testing

@testable import Commands

/// `save`, `open` and `merge` in a session.
@Suite struct SharingVerbTests {
    private static let tuned = "model nano\nload toy train=64 test=32\nlora r=4\ntrain epochs=1"
    private static let text = "predict 'the soup was lovely'"

    /// A folder of its own, gone at the end.
    private func temporary(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private func prediction(_ bench: Bench) throws -> JSON {
        try #require(bench.run(Self.text).statements.last?.value)
    }

    @Test func whatIsSavedPredictsTheSameElsewhere() throws {
        try temporary { folder in
            let bench = Bench()
            bench.run(Self.tuned)
            let before = try prediction(bench)
            let report = bench.run("save \(folder)/a").statements.last
            #expect(report?.value["largest_difference"]?.number == 0)
            let other = Bench()
            // Without data, the saved classes are enough to predict.
            other.run("model nano\nopen path=\(folder)/a/")
            #expect(try prediction(other) == before)
            // Data with the same classes keep the head; a new adapter begins anew.
            other.run("load toy train=20 test=20 seed=5")
            #expect(try prediction(other) == before)
            other.run("lora")
            #expect(try prediction(other) != before)
        }
    }

    /// What is opened whole is the base of a method, its classifier included, as long as the classes are the same.
    @Test func aMethodBeginsWithTheClassifierOfAnOpenedModel() throws {
        try temporary { folder in
            let bench = Bench()
            let tuned = "model nano\nload toy train=64 test=32\nfull\ntrain epochs=1\nsave \(folder)/m"
            #expect(bench.problem(tuned) == nil)
            let other = Bench()
            #expect(other.problem("open \(folder)/m\nload toy train=64 test=32") == nil)
            let before = try prediction(other)
            #expect(other.result("lora r=2")?.plain.contains("begins with the classifier") == true)
            #expect(try prediction(other) == before)
            #expect(try !#require(other.result("evaluate")).plain.contains("has not been trained"))
            // As a base alone it brings none, and data with other classes begin a new one.
            let base = Bench()
            base.run("model \(folder)/m\nload toy train=64 test=32\nlora r=2")
            #expect(try #require(base.result("evaluate")).plain.contains("has not been trained"))
            try "text,label\none,x\ntwo,y\nthree,z\nfour,x\nfive,y\nsix,z\n"
                .write(toFile: folder + "/three.csv", atomically: true, encoding: .utf8)
            let three = "load \(folder)/three.csv test=0 validation=0\nlora r=2\nevaluate on=train"
            #expect(other.problem(three) == nil)
            #expect(other.problem("open \(folder)/m") != nil)
        }
    }

    @Test(arguments: ["nano", "nano-llama"])
    func aModelWithoutFilesIsSavedWithItsTokenizerAndOpenedAgain(name: String) throws {
        try temporary { folder in
            let tuned = "model \(name)\nload toy train=32 test=8"
            for (method, verb) in [("full last=1", "save"), ("lora r=2", "merge")] {
                let bench = Bench()
                #expect(bench.problem("\(tuned)\n\(method)\ntrain steps=3\n\(verb) \(folder)/\(verb)") == nil)
                let other = Bench()
                #expect(other.problem("open \(folder)/\(verb)") == nil)
                for text in ["the soup was lovely", "Ünknown  words, ", " [SEP] no. \t$"] {
                    let cell = "predict '\(text)'"
                    let (before, after) = (bench.run(cell).statements.last, other.run(cell).statements.last)
                    let shares = [before, after].map { $0?.value[0]?["probabilities"]?.object ?? [:] }
                    #expect(!shares[0].isEmpty)
                    for (label, share) in shares[0] {
                        let apart = abs((share.number ?? 0) - (shares[1][label]?.number ?? 9))
                        #expect(apart < 1e-5, "\(text): \(label)")
                    }
                }
                #expect(Bench().problem("model \(folder)/\(verb)") == nil)
            }
        }
    }

    @Test func anAdapterOnAnotherBaseThanItsOwnIsSaid() throws {
        try temporary { folder in
            let bench = Bench()
            bench.run(Self.tuned)
            #expect(bench.problem("save \(folder)/a") == nil)
            func shown(_ cell: String) throws -> String { try #require(Bench().result(cell)).plain }
            let other = try shown("model nano seed=5\nopen \(folder)/a")
            #expect(other.contains("made on another base"))
            #expect(!(try shown("model nano\nopen \(folder)/a").contains("another base")))
            // A session that has trained other weights meanwhile still has the same base.
            let later = "model nano\nload toy train=16 test=8\nfull\ntrain steps=1\nopen \(folder)/a"
            #expect(!(try shown(later).contains("another base")))
            // Saved once more on the other base, it is that one's.
            #expect(
                !(try shown("model nano seed=5\nopen \(folder)/a\nsave \(folder)/b\nopen \(folder)/b")
                    .contains("another base")))
        }
    }

    @Test func anEmptyPathIsNoFolder() {
        let bench = Bench()
        bench.run("model nano\nload toy train=32 test=8\nlora")
        for verb in ["save", "merge", "open"] { #expect(bench.problem("\(verb) ''")?.code == "bad-value") }
    }

    @Test func aFolderOfTheOtherKindIsNotReplaced() throws {
        try temporary { folder in
            let bench = Bench()
            #expect(bench.problem(Self.tuned + "\nsave \(folder)/a\nmerge \(folder)/m") == nil)
            let merge = bench.problem("merge \(folder)/a")
            #expect(merge?.code == "folder-in-use")
            #expect(merge?.message.contains("an adapter") == true)
            #expect(merge?.hint?.contains("\(folder)/a-model") == true)
            #expect(FileManager.default.fileExists(atPath: "\(folder)/a/adapter_config.json"))
            let save = bench.problem("save \(folder)/m")
            #expect(save?.message.contains("a whole model") == true)
            #expect(save?.hint?.contains("\(folder)/m-adapter") == true)
            #expect(bench.problem("save \(folder)/a\nmerge \(folder)/m") == nil)
        }
    }

    @Test func aTunedModelIsSavedWhole() throws {
        try temporary { folder in
            let bench = Bench()
            bench.run("model nano\nload toy train=32 test=8\nfull\ntrain epochs=1\nsave \(folder)/m")
            let written = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/m").sorted()
            #expect(
                written == [
                    "config.json", "lorikeet.json", "model.safetensors", "tokenizer.json",
                    "tokenizer_config.json",
                ])
            // The head is taken up, so it is not said to be left out.
            let opened = bench.run("model nano\nload toy train=32 test=8\nopen \(folder)/m").statements.last
            #expect(opened?.value["classes"] != nil)
            #expect(!bench.output.text.contains("left out"))
            bench.run("lora\ntrain steps=2\nmerge \(folder)/merged")
            #expect(FileManager.default.fileExists(atPath: "\(folder)/merged/model.safetensors"))
        }
    }

    @Test func aKeyOfAWholeModelThatIsNotKnownCanBeIgnored() throws {
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Golden/fixtures/peft/bert-base")
        try temporary { folder in
            for name in ["config.json", "model.safetensors"] {
                try FileManager.default.copyItem(
                    atPath: fixtures.appending(path: name).path, toPath: "\(folder)/\(name)")
            }
            try Data("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n".utf8)
                .write(to: URL(filePath: "\(folder)/vocab.txt"))
            let config = URL(filePath: "\(folder)/config.json")
            var object = try #require(JSON(parsing: Data(contentsOf: config)).object)
            object["of_tomorrow"] = 1
            try Data(JSON.object(object).utf8()).write(to: config)
            let refused = Bench().problem("open \(folder)")
            #expect(refused?.message.contains("of_tomorrow") == true)
            #expect(refused?.hint?.contains("ignore=of_tomorrow") == true)
            #expect(Bench().problem("open \(folder) ignore=of_tomorrow") == nil)
        }
    }

    @Test func whatCannotBeSharedIsSaid() throws {
        try temporary { folder in
            #expect(Bench().problem("save \(folder)/a")?.code == "no-model")
            #expect(Bench().problem("model nano\nsave \(folder)/a")?.code == "nothing-to-save")
            #expect(Bench().problem("model nano\nmerge \(folder)/a")?.code == "nothing-to-merge")
            #expect(Bench().problem("open \(folder)/nowhere")?.code == "no-file")
            #expect(Bench().problem("model nano\nopen \(folder)")?.code == "no-adapter")
            let bench = Bench()
            bench.run(Self.tuned + "\nsave \(folder)/a")
            #expect(Bench().problem("open \(folder)/a")?.hint == "write model nano before it")
            #expect(Bench().problem("model nano-llama\nopen \(folder)/a")?.code == "wrong-base")
            try Data("mine".utf8).write(to: URL(filePath: "\(folder)/notes.txt"))
            #expect(bench.problem("save \(folder)")?.code == "folder-in-use")
        }
    }

    @Test func afterAFailedOpenTheSessionIsAsBefore() throws {
        try temporary { folder in
            let bench = Bench()
            bench.run(Self.tuned)
            bench.run("save \(folder)/a")
            let before = try prediction(bench)
            let file = URL(filePath: "\(folder)/a/adapter_model.safetensors")
            try Data(contentsOf: file).dropLast(40).write(to: file)
            #expect(bench.problem("open \(folder)/a") != nil)
            #expect(try prediction(bench) == before)
        }
    }

    @Test func aHeadForOtherClassesIsRefused() throws {
        try temporary { folder in
            let bench = Bench()
            bench.run(Self.tuned)
            bench.run("save \(folder)/a")
            let csv =
                "text,label\n"
                + (0..<40).map { "word \($0),\(["x", "y", "z"][$0 % 3])" }.joined(separator: "\n")
            try Data(csv.utf8).write(to: URL(filePath: "\(folder)/three.csv"))
            let problem = bench.problem("load path=\(folder)/three.csv\nopen \(folder)/a")
            #expect(problem?.code == "wrong-labels")
            #expect(problem?.message.contains("x, y, z") == true)
        }
    }

    @Test func classesInAnotherOrderAreMatchedByName() throws {
        try temporary { folder in
            let names = ["no", "maybe", "yes"]
            func file(_ name: String, _ order: [String]) throws -> String {
                let rows = order + (0..<60).map { names[$0 % 3] }
                let lines = rows.enumerated().map { "word \($0) says \($1),\($1)" }
                let path = "\(folder)/\(name).csv"
                try Data(("text,label\n" + lines.joined(separator: "\n")).utf8).write(to: URL(filePath: path))
                return path
            }
            let data = try file("data", [])
            let bench = Bench()
            // A saved adapter whose classes stand in the order 0, 1, 2 of another alphabet.
            bench.run("model nano\nload \(data)\nlora r=2\ntrain epochs=1\nsave \(folder)/a")
            let before = try prediction(bench)
            let notes = URL(filePath: "\(folder)/a/lorikeet.json")
            let saved = try String(contentsOf: notes, encoding: .utf8)
            let ordered = ["maybe", "no", "yes"].map { "\"\($0)\"" }
            #expect(ordered.allSatisfy(saved.contains))
            try saved.replacing("\"maybe\"", with: "\"YES\"").replacing("\"yes\"", with: "\"maybe\"")
                .write(to: notes, atomically: true, encoding: .utf8)
            for script in ["load \(data)\nopen \(folder)/a", "open \(folder)/a\nload \(data)"] {
                let other = Bench()
                #expect(other.problem("model nano\n\(script)") == nil)
                #expect(other.interpreter.session.state.engine.method?.head != nil, "\(script)")
                let value = try prediction(other)
                let shares = try #require(value[0]?["probabilities"])
                let old = try #require(before[0]?["probabilities"])
                #expect(shares["YES"] == old["maybe"])
                #expect(shares["maybe"] == old["yes"])
                #expect(other.run("evaluate").statements.last?.value["accuracy"] != nil)
            }
        }
    }

    @Test func withoutDataTheSavedClassesAreNoDataSet() throws {
        try temporary { folder in
            let bench = Bench()
            bench.run(Self.tuned)
            bench.run("save \(folder)/a")
            for verb in ["evaluate", "train", "show", "describe", "plot classes"] {
                let problem = Bench().problem("model nano\nopen \(folder)/a\n\(verb)")
                #expect(problem?.code == "no-data", "\(verb)")
                #expect(problem?.message.contains("none yet") == false)
            }
        }
    }
}
