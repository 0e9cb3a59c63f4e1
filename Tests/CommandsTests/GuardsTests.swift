import Diagnostics
import Display
import Foundation
import JSON
import Synchronization
import Testing

@testable import Commands

/// Mistakes that would pass in silence are said: in the plan, in the panel, beside the answers and in the values.
@Suite struct GuardsTests {
    /// A folder of its own with a file in it, gone at the end.
    private func with(_ rows: [String], _ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "lorikeet-guards-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try (["text,label"] + rows).joined(separator: "\n")
            .write(toFile: "\(folder)/data.csv", atomically: true, encoding: .utf8)
        try body(folder)
    }

    /// Classes that nothing in the texts tells apart: all are called what is commonest.
    private let hopeless = (0..<160).map { "the word \($0 * 7919 % 1000),\($0 % 4 == 0 ? "spam" : "ham")" }

    // MARK: - Everything in one class

    @Test func aStuckClassIsSaidWhileItTrainsAndAfter() throws {
        try with(hopeless) { folder in
            let bench = Bench()
            let cell =
                "set workers=2\nmodel nano\nload path=\(folder)/data.csv train=80 validation=40 test=40\n"
                + "lora r=2\ntrain epochs=2 lr=1e-5"
            let value = try #require(bench.run(cell).statements.last?.value)
            let said = try #require(value["epochs"]?[0]?["remark"]?.string)
            #expect(said.hasPrefix("after epoch 1 every text is called "), "\(said)")
            #expect(said.contains("a higher lr (now 1e-5)") && said.contains("more steps (10 so far)"))
            let last = try #require(value["epochs"]?[1]?["remark"]?.string)
            #expect(value["remarks"]?.array?.contains(.string("validation \(last)")) == true)
            // In the panel of the run at work, and in what stays of it.
            let pages = bench.output.events.compactMap { event -> String? in
                switch event {
                case .display(let bundle, id: .some), .update(let bundle, _):
                    bundle.data[MimeType.html]?.string
                default: nil
                }
            }
            #expect(pages.last?.contains(last) == true)
            #expect(bench.output.shown.contains("validation \(last)"))
        }
    }

    /// A clock that jumps, so that every step and every epoch is told.
    private static func jumping() -> Surroundings {
        let time = Mutex(0.0)
        var surroundings = Surroundings.local
        surroundings.now = {
            time.withLock {
                $0 += 100
                return $0
            }
        }
        return surroundings
    }

    @Test func itIsInThePanelOfARunAtWork() throws {
        try with(hopeless) { folder in
            let bench = Bench(surroundings: Self.jumping())
            bench.run(
                "set workers=2\nmodel nano\nload path=\(folder)/data.csv train=80 validation=40 test=40\n"
                    + "lora r=2\ntrain epochs=2 lr=1e-5")
            let running = bench.output.events.compactMap { event -> String? in
                if case .update(let bundle, _) = event, bundle.data[MimeType.markdown] == nil {
                    bundle.data[MimeType.html]?.string
                } else {
                    nil
                }
            }
            #expect(running.contains { $0.contains("after epoch 1 every text is called") })
            // Not of the untuned model, whose answers are chance.
            #expect(!running.contains { $0.contains("after epoch 0 every") })
        }
    }

    @Test func aRunThatLearnsHasNoSuchRemark() {
        let bench = Bench()
        let value = bench.run("set workers=2\nmodel nano\nload toy train=200 test=40\ntrain epochs=3")
            .statements.last?.value
        #expect(value?["remarks"] == nil, "\(value?["remarks"]?.text() ?? "")")
        #expect(value?["epochs"]?[2]?["remark"] == nil)
    }

    // MARK: - Rates

    @Test(arguments: [
        ("lora", "lr=0.5", "lr 0.5 is 250 times LoRA's usual 0.002: it may diverge"),
        ("full", "lr=1e-5", "lr 1e-5 is 200 times less than full's usual 0.002: little may be learned"),
        (
            "lora", "optimizer=lion lr=2e-2",
            "lr 0.02 is 50 times LoRA's usual with lion, 4e-4: it may diverge"
        ),
        (
            "lora", "optimizer=sgd lr=1e-4",
            "lr 1e-4 is 2,000 times less than LoRA's usual with sgd, 0.2: little may be learned"
        ),
        ("full", "lr.head=1", "lr.head 1 is 500 times full's usual 0.002: it may diverge"),
    ])
    func aRateThatIsFarOffIsSaid(method: String, keys: String, said: String) {
        let bench = Bench()
        bench.run("set workers=2 times=off\nmodel nano\nload toy train=32 test=8 validation=0\n\(method)")
        let value = bench.run("train steps=1 \(keys)").statements.last?.value
        #expect(bench.output.shown.contains(said), "\(bench.output.shown)")
        #expect(value?["remarks"]?.array?.contains(.string(said)) == true)
    }

    @Test(arguments: ["", "lr=2e-2", "lr=2e-4", "optimizer=lion", "optimizer=sgd", "optimizer=rmsprop"])
    func othersAreNot(keys: String) {
        let bench = Bench()
        bench.run("set workers=2 times=off\nmodel nano\nload toy train=32 test=8\ntrain steps=1 \(keys)")
        #expect(!bench.output.shown.contains(" times "), "\(bench.output.shown)")
    }

    // MARK: - Texts that were trained on

    @Test func answersToTextsThatWereTrainedOnAreToldApart() throws {
        let bench = Bench()
        bench.run("set workers=2 times=off\nmodel nano\nload toy train=40 test=20\ntrain epochs=1")
        let data = try #require(bench.interpreter.session.state.engine.data).dataset
        let (learned, fresh) = (data.train.prefix(3).map(\.text), data.test.prefix(2).map(\.text))
        try with((learned + fresh).map { "\"\($0)\"," }) { folder in
            let shown = try #require(bench.result("predict file=\(folder)/data.csv to=\(folder)/answers.csv"))
            #expect(
                shown.plain.contains(
                    "! 3 of the 5 texts are among those the weights have learned from: "
                        + "their answers say nothing of others"), "\(shown.plain)")
            #expect(shown.data[MimeType.html]?.string?.contains("3 of the 5 texts") == true)
            let rows = bench.run("predict file=\(folder)/data.csv").statements.last?.value.array ?? []
            #expect(rows.map { $0["seen"] == true } == [true, true, true, false, false])
        }
        let one = try #require(bench.result("predict '\(learned[0])'")).plain
        #expect(one.contains("! the weights have learned from this text"))
        #expect(try #require(bench.result("predict '\(fresh[0])'")).plain.contains("learned from") == false)
        // What show and confusion tell of such a part says so in its title.
        bench.run("evaluate on=train")
        for line in ["show wrong", "show top_losses", "confusion"] {
            #expect(bench.result(line)?.plain.contains("no test") == true, "\(line)")
        }
    }

    // MARK: - Tokens that stand twice

    /// BERT's tokenizer of seven words, in a folder with a tiny model.
    private func bert(_ folder: String) throws {
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Golden/fixtures/peft/bert-base")
        for name in ["config.json", "model.safetensors"] {
            try FileManager.default.copyItem(
                atPath: fixtures.appending(path: name).path, toPath: "\(folder)/\(name)")
        }
        try Data("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n".utf8)
            .write(to: URL(filePath: "\(folder)/vocab.txt"))
    }

    @Test func aTextThatBeginsAsTheTokenizerLetsItBeginIsSaid() throws {
        let rows = (0..<40).map { index -> String in
            let text = String(repeating: index % 2 == 0 ? "a " : "b ", count: 1 + index % 7) + "a b"
            let marked = index % 4 == 0 ? "[CLS] \(text)\(String(repeating: " a", count: index)) [SEP]" : text
            return "\(marked)\(String(repeating: " b", count: index)),\(index % 2)"
        }
        try with(rows) { folder in
            try bert(folder)
            let bench = Bench()
            bench.run(
                "set workers=2 times=off\nmodel \(folder)\nload path=\(folder)/data.csv train=30 validation=0 test=10\nlora r=2"
            )
            let value = try #require(bench.run("train steps=1").statements.last?.value)
            let remark = try #require(
                value["remarks"]?.array?.compactMap(\.string).first { $0.contains("[CLS]") })
            #expect(
                remark.hasSuffix(
                    " of 30 texts have “[CLS]” or “[SEP]” written around, which the tokenizer adds itself: one is taken"
                ))
            #expect(bench.output.shown.contains("which the tokenizer adds itself"))
            let said = try #require(bench.result("predict '[CLS] a b [SEP]'")).plain
            #expect(said.contains("the text has “[CLS]” or “[SEP]” written around"))
            let (one, two) = (bench.run("predict 'a b'"), bench.run("predict '[CLS] a b [SEP]'"))
            #expect(
                one.statements.last?.value[0]?["probabilities"]
                    == two.statements.last?.value[0]?["probabilities"])
        }
    }

    // MARK: - A head for other classes

    private func saved(_ folder: String, _ labels: String) -> Bench {
        let bench = Bench()
        bench.run(
            "set workers=2 times=off\nmodel nano\nload path=\(folder)/data.csv\nlora r=2\ntrain steps=2\nsave \(folder)/a"
        )
        return bench
    }

    /// Saved by a program that keeps no names.
    private func forgetNames(_ folder: String) throws {
        try FileManager.default.removeItem(atPath: "\(folder)/a/lorikeet.json")
    }

    @Test func classesWithoutNamesAreTakenInOrderAndSaid() throws {
        try with(hopeless) { folder in
            _ = saved(folder, "")
            try forgetNames(folder)
            let said =
                "no names for its classes: its outputs 0 to 1 are taken for negative, positive, in this order"
            for script in [
                "open \(folder)/a\nload toy train=32 test=8", "load toy train=32 test=8\nopen \(folder)/a",
            ] {
                let bench = Bench()
                let outcome = bench.run("set times=off\nmodel nano\n\(script)")
                guard case .finished(let bundle) = outcome.ending else {
                    Issue.record("\(outcome.ending)")
                    continue
                }
                let shown = bundle?.plain ?? ""
                #expect(shown.onOneLine.contains(said), "\(script): \(shown)")
                #expect(!shown.contains("is let go"))
                #expect(bench.problem("train steps=1") == nil)
                #expect(bench.interpreter.session.state.engine.isHeadTrained)
            }
            // Another number of classes fits no output.
            let three = (0..<40).map { "word \($0),\(["x", "y", "z"][$0 % 3])" }
            try with(three) { other in
                for script in [
                    "open \(folder)/a\nload path=\(other)/data.csv\ntrain steps=1",
                    "load path=\(other)/data.csv\nopen \(folder)/a",
                ] {
                    let problem = Bench().problem("set times=off\nmodel nano\n\(script)")
                    #expect(problem?.code == "wrong-labels", "\(script)")
                }
            }
        }
    }

    @Test func classesInAnotherOrderAreMatchedByNameAndSaid() throws {
        try with(hopeless) { folder in
            _ = saved(folder, "")
            let notes = URL(filePath: "\(folder)/a/lorikeet.json")
            let saved = try String(contentsOf: notes, encoding: .utf8)
            for (changed, said) in [
                (
                    ["spam", "ham"],
                    "the classes stand as in the trained classifier, matched by name: spam, ham"
                ),
                (
                    ["HAM", "Spam"],
                    "the classes are the trained classifier's, which writes them HAM, Spam: matched by name"
                ),
            ] {
                var object = try #require(JSON(parsing: Data(saved.utf8)).object)
                object["labels"] = .array(changed.map(JSON.string))
                try Data(JSON.object(object).text().utf8).write(to: notes)
                for script in [
                    "open \(folder)/a\nload path=\(folder)/data.csv",
                    "load path=\(folder)/data.csv\nopen \(folder)/a",
                ] {
                    let bench = Bench()
                    let shown = bench.result("set times=off\nmodel nano\n\(script)")?.plain ?? ""
                    #expect(shown.onOneLine.contains(said), "\(script): \(shown)")
                }
            }
        }
    }

    /// Other names begin a new classifier, which is said where it is let go.
    @Test func otherClassesBeginANewClassifier() throws {
        try with(hopeless) { folder in
            let bench = saved(folder, "")
            let shown = try #require(bench.result("load toy train=32 test=8")).plain
            #expect(
                shown.onOneLine.contains(
                    "the classifier that was trained tells ham, spam apart and is let go"))
            let opened = Bench()
            let told = opened.result("set times=off\nmodel nano\nopen \(folder)/a\nload toy train=32 test=8")
            #expect(told?.plain.onOneLine.contains("tells ham, spam apart and is let go") == true)
            #expect(opened.problem("train steps=1") == nil)
        }
    }
}
