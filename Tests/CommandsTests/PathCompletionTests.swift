import Foundation
import Language
import TestScratch
import Testing

@testable import Commands

/// Files where a path is declared, as the folder has them.
@Suite struct PathCompletionTests {
    private let bench = Bench()
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        for name in [
            "reviews.csv", "my reviews.CSV", "more.jsonl.gz", "notes.md", "picture.svg", "weights.gguf",
            ".hidden.csv", "data/train.csv", "adapter/adapter_config.json", "whole/config.json",
            ".cache/a.csv",
            "a\nb.csv",
        ] { _ = try scratch.file(name, "12345") }
        try FileManager.default.createSymbolicLink(
            atPath: "\(scratch.path)/broken.csv", withDestinationPath: "\(scratch.path)/nowhere")
        #expect(mkfifo("\(scratch.path)/pipe.csv", 0o600) == 0)
    }

    private func items(_ verb: String, _ rest: String = "") -> [CompletionItem] {
        let source = "\(verb)\(scratch.path)/\(rest)"
        return bench.interpreter.complete(source, cursor: source.unicodeScalars.count).items
    }

    /// What is offered, without the way to the folder and without quotes.
    private func names(_ verb: String, _ rest: String = "") -> [String] {
        items(verb, rest).map { item in
            item.text.filter { $0 != "'" }.replacing("\(scratch.path)/", with: "")
        }
    }

    @Test(arguments: ["load ", "load path=", "predict file="])
    func onlyWhatCanBeReadIsOfferedToBeLoaded(verb: String) {
        let expected = ["adapter/", "data/", "more.jsonl.gz", "my reviews.CSV", "reviews.csv", "whole/"]
        #expect(names(verb) == expected)
        #expect(names(verb, "data/") == ["data/train.csv"])
        #expect(names(verb, "no") == [] && names(verb, "nowhere/") == [])
    }

    @Test func whatIsOfferedFollowsTheDeclaredType() {
        let folders = ["adapter/", "data/", "whole/"]
        for verb in ["open ", "save ", "merge path=", "set runs="] {
            #expect(names(verb) == folders, "\(verb)")
        }
        #expect(
            names("plot to=") == [
                "adapter/", "data/", "my reviews.CSV", "picture.svg", "reviews.csv", "whole/",
            ])
        #expect(
            names("table to=") == [
                "adapter/", "data/", "my reviews.CSV", "notes.md", "reviews.csv", "whole/",
            ])
        #expect(names("predict to=").contains("reviews.csv") && !names("predict to=").contains("picture.svg"))
        #expect(names("model ") == ["adapter/", "data/", "weights.gguf", "whole/"])
    }

    @Test func hiddenOnesStandBehindADot() {
        #expect(names("load ", ".") == [".cache/", ".hidden.csv"])
        #expect(names("open ", ".c") == [".cache/"])
    }

    @Test func eachSaysWhatItIs() {
        let notes = Dictionary(uniqueKeysWithValues: zip(names("load "), items("load ").map(\.note)))
        #expect(notes["reviews.csv"] == "file · 5 B", "\(notes)")
        #expect(notes["adapter/"] == "folder · an adapter" && notes["whole/"] == "folder · a model")
        #expect(notes["data/"] == "folder")
    }

    @Test func aNameWithABlankIsQuotedAndLoadedAsItStands() throws {
        let item = try #require(items("load ", "my").first)
        #expect(item.text == "'\(scratch.path)/my reviews.CSV'")
        let rows = (0..<40).map { "text \($0),\($0 % 2 == 0 ? "good" : "bad")" }
        _ = try scratch.file("my reviews.CSV", "text,label\n" + rows.joined(separator: "\n") + "\n")
        #expect(bench.problem("load \(item.text)") == nil)
    }

    @Test func namesOfDataSetsComeFirstAndFilesBehindThem() throws {
        let found = bench.interpreter.complete("load ", cursor: 5).items
        let values = found.filter { $0.kind == .value }.map(\.text)
        #expect(values.first == "toy" && values.contains("imdb"))
        // The tests' own folder has folders.
        #expect(values.contains("Sources/") && !values.contains("Package.swift"))
        #expect(!values.contains { $0.hasPrefix(".") })
        #expect(!bench.interpreter.complete("model ", cursor: 6).items.contains { $0.text.hasSuffix("/") })
    }

    @Test func aCompletionOfAKeyIsItsDefaultAndMeaning() {
        let found = bench.interpreter.complete("lora ", cursor: 5).items
        let rank = found.first { $0.text == "r=" }
        #expect(rank?.note.hasPrefix("whole number, default 8 · ") == true, "\(found.map(\.note))")
        // What is shown beside a key in an editor stays one line that can be taken in.
        for command in CommandRegistry.commands {
            let source = "\(command.declaration.verb) "
            for item in bench.interpreter.complete(source, cursor: source.count).items where item.kind == .key
            {
                #expect(!item.note.isEmpty && !item.note.contains("\n"), "\(source)\(item.text)")
            }
        }
    }
}
