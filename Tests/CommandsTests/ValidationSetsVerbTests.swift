import Diagnostics
import Display
import Foundation
import JSON
import TestScratch
import Testing

@testable import Commands

/// Several validation sets, samples of answers, and how they look.
@Suite struct ValidationSetsVerbTests {
    private let scratch: Scratch
    private let data =
        "set workers=2 times=off\nmodel nano\nload toy train=64 test=32 validation=32\nlora r=2"

    init() throws {
        scratch = try Scratch()
        let texts = (0..<20).map { "<b>a \($0 % 2 == 0 ? "good" : "bad") film</b> number \($0)" }
        func table(_ name: String, _ labels: [String]) throws {
            let rows = texts.enumerated().map { "\($1),\(labels[$0 % 2])" }
            _ = try scratch.file(name, (["text,label"] + rows).joined(separator: "\n") + "\n")
        }
        try table("films.csv", ["positive", "negative"])
        try table("stars.csv", ["1", "0"])
        try table("good.csv", ["positive", "positive"])
    }

    /// The lines of the last run's table, as data.
    private func rows(_ bench: Bench) -> [JSON]? {
        bench.interpreter.session.state.engine.run.map { TrainingReport(run: $0, showsTimes: false).rows }
    }

    private func bench() -> Bench {
        let bench = Bench()
        bench.run(data)
        return bench
    }

    @Test func eachSetHasItsColumnsAndTheDatasOwnDecides() throws {
        let bench = bench()
        let films = "\(scratch.path)/films.csv"
        let line = "train epochs=2 validate=test,\(films)"
        let result = try #require(bench.panel(line))
        for column in ["test", "films", "validation"] { #expect(result.plain.contains(column), "\(column)") }
        for line in result.plain.split(separator: "\n") {
            #expect(String(line).displayWidth <= 80, "\(line)")
        }
        let html = result.data[MimeType.html]?.string ?? ""
        for title in ["test loss", "test accuracy", "films loss", "films accuracy"] {
            #expect(html.contains(">\(title)<"), "\(title)")
        }
        let lines = try #require(rows(bench))
        #expect(lines.count == 3 && lines.allSatisfy { $0["others"]?["films"]?["n"] == 20 })
        #expect(lines.allSatisfy { $0["others"]?["test"]?["n"] == 32 && $0["validation"]?["n"] == 32 })
        let judged = bench.run("evaluate").statements.last?.value
        #expect(judged?["loss"] == lines.last?["others"]?["test"]?["loss"])
        #expect(bench.output.shown.contains("test: 32 texts; films: 20 texts"))
    }

    @Test func classesAreMatchedByAMapOrRefusedByName() throws {
        let bench = bench()
        let stars = "\(scratch.path)/stars.csv"
        let problem = try #require(bench.problem("train steps=1 validate=\(stars)"))
        #expect(problem.code == "other-classes" && problem.span != nil)
        #expect(problem.message.contains("0, 1") && problem.message.contains("negative, positive"))
        let films = try #require(
            bench.run("train steps=1 validate=\(scratch.path)/films.csv").statements.last?.value)
        bench.run("lora r=2")
        let mapped = try #require(
            bench.run("train steps=1 validate=\(stars) validate.map='positive:1,negative:0'").statements.last?
                .value)
        #expect(
            mapped["epochs"]?[0]?["others"]?["stars"]?["matrix"]
                == films["epochs"]?[0]?["others"]?["films"]?["matrix"])
        #expect(bench.problem("train steps=1 validate.map=positive:1")?.code == "unused-key")
    }

    @Test func aSetOfOneClassIsJudged() throws {
        let bench = bench()
        let value = try #require(
            bench.run("train steps=1 by=macro_f1 validate=\(scratch.path)/good.csv").statements.last?.value)
        let good = try #require(value["epochs"]?[0]?["others"]?["good"])
        let right = try #require(good["matrix"]?[1]?[1]?.integer)
        #expect(good["n"] == 20 && good["accuracy"] == .number(Double(right) / 20))
        #expect(bench.problem("load path=\(scratch.path)/good.csv")?.code == "single-class")
    }

    /// A figure that is 0 whatever is answered decides nothing.
    @Test func whatCannotRiseDoesNotDecide() throws {
        let bench = bench()
        bench.run("load toy train=32 test=16 validation=0")
        let line = "train steps=1 patience=2 validate=\(scratch.path)/good.csv"
        let problem = try #require(bench.problem("\(line) by=matthews"))
        #expect(
            problem.code == "no-figure" && problem.message.hasSuffix("good has no text of negative"),
            "\(problem)")
        #expect(bench.problem("\(line) by=accuracy") == nil && bench.problem("\(line) by=f1") == nil)
        #expect(bench.problem("\(line)") == nil)
    }

    @Test func theDatasOwnPartDecidesAndNoSetIsNamedTwice() throws {
        let bench = bench()
        let films = "\(scratch.path)/films.csv"
        let value = try #require(
            bench.run("train epochs=2 validate=\(films),test,validation").statements.last?.value)
        let lines = try #require(rows(bench))
        #expect(lines.allSatisfy { $0["validation"]?["n"] == 32 && $0["others"]?["films"]?["n"] == 20 })
        #expect(
            lines.allSatisfy { $0["validation"]?["split"] == "validation" && $0["others"]?["test"] != nil })
        let best = lines.first { $0["steps"] == value["best"]?["step"] }
        #expect(best?["validation"]?["loss"] == value["best"]?["value"])
        let problem = try #require(
            bench.problem("train steps=1 validate=\(films),\(scratch.path)/./films.csv"))
        #expect(problem.code == "two-values" && problem.span != nil && problem.hint == "name each set once")
    }

    @Test func choosingByATestIsSaidOnce() {
        let bench = bench()
        let words = "so their score there is no test"
        bench.run("load toy train=64 test=32 validation=0\nlora r=2\ntrain steps=1 validate=test")
        #expect(!bench.output.shown.contains(words))
        bench.run("lora r=2\ntrain epochs=2 validate=test patience=1")
        #expect(bench.output.shown.replacing("\n", with: " ").components(separatedBy: words).count == 2)
        #expect(
            bench.result("use best")?.plain.replacing("\n", with: " ").contains(
                "a score there that is no test")
                == true)
        bench.run(
            "load toy train=64 test=32 validation=100\nlora r=2\ntrain epochs=1 validate=test patience=1")
        #expect(bench.output.shown.replacing("\n", with: " ").components(separatedBy: words).count == 2)
    }

    /// A test is what is called one: a file of one's own too.
    @Test func aFileThatIsATestIsNoneOnceItHasChosen() throws {
        let rows = (0..<20).map { $0 % 2 == 0 ? "a good film \($0),positive" : "a bad film \($0),negative" }
        let file = try scratch.file("test.csv", (["text,label"] + rows).joined(separator: "\n") + "\n")
        let bench = bench()
        bench.run("load toy train=64 test=32 validation=0\nlora r=2")
        bench.run("train epochs=2 validate=\(file) patience=1")
        #expect(bench.output.shown.replacing("\n", with: " ").contains("so their score there is no test"))
        let used = try #require(bench.result("use best"))
        #expect(
            used.plain.replacing("\n", with: " ").contains("a score there that is no test"), "\(used.plain)")
    }

    @Test func withoutAPartOfItsOwnTheFirstSetDecides() throws {
        let bench = bench()
        bench.run("load toy train=64 test=32 validation=0\nlora r=2")
        #expect(bench.problem("train steps=1 by=accuracy")?.code == "no-validation")
        let films = "\(scratch.path)/films.csv"
        let value = try #require(
            bench.run("train epochs=4 patience=1 lr=0.05 validate=\(films),test").statements.last?.value)
        let line = try #require(
            value["epochs"]?.array?.first { $0["steps"] == value["best"]?["step"] }
                ?? value["untuned"].map { ["validation": $0] })
        #expect(
            line["validation"]?["data"] == "films" && line["validation"]?["loss"] == value["best"]?["value"])
    }

    @Test func setsComeBackWithAResumedRun() throws {
        let runs: any RunBenches = JudgingVerbTests()
        let line = "\(data)\nset times=on\ntrain epochs=3 validate=test,\(scratch.path)/films.csv as=mine"
        let (first, second) = (runs.bench(), runs.bench())
        runs.stop(first, line, at: "9/24")
        #expect(second.problem("resume mine") == nil)
        let lines = rows(second) ?? []
        #expect(lines.count == 4 && lines.allSatisfy { $0["others"]?["films"]?["n"] == 20 })
        // Of one that is finished the weights alone are wanted.
        try FileManager.default.removeItem(atPath: "\(scratch.path)/films.csv")
        let third = runs.bench()
        #expect(third.problem("set memory=1\nresume mine") == nil)
        #expect(rows(third)?.count == 4 && rows(third)?[3] == lines[3])
        #expect(!third.output.shown.contains("the validation texts are not those"))
        #expect(third.output.shown.contains("films: loss and accuracy"))
    }

    // MARK: - Samples

    @Test func answersToTheSameTextsAreShownAfterEachValidation() throws {
        let bench = bench()
        let films = "\(scratch.path)/films.csv"
        bench.run("load path=\(films) train=8 test=4 validation=6\nlora r=2")
        let panel = try #require(bench.panel("train epochs=2 samples=3"))
        let html = panel.data[MimeType.html]?.string ?? ""
        #expect(html.contains("<summary style=\"cursor:pointer\">Answers to 3 validation texts</summary>"))
        #expect(html.contains("&lt;b&gt;a ") && !html.contains("<b>a "))
        #expect(panel.plain.contains("Answers to 3 validation texts"))
        // The newest alone; those before it unfold.
        func titles(_ panel: MimeBundle) -> [String] {
            let line = panel.plain.split(separator: "\n").first { $0.hasPrefix("text ") } ?? ""
            return line.split(separator: " ").map(String.init)
        }
        #expect(titles(panel) == ["text", "true", "epoch", "2"], "\(panel.plain)")
        #expect(html.contains(">Earlier answers</summary>") && !panel.plain.contains("Earlier answers"))
        #expect(html.contains(">epoch 0<") && html.contains(">epoch 1<"))
        // Remarks are wrapped by what shows them.
        for line in panel.plain.split(separator: "\n") where !line.contains("try ") {
            #expect(String(line).displayWidth <= 80, "\(line)")
        }
        let lines = try #require(rows(bench))
        // A further run shows its own alone.
        let next = try #require(bench.panel("train epochs=1 samples=2"))
        let page = next.data[MimeType.html]?.string ?? ""
        #expect(titles(next) == ["text", "true", "epoch", "3"], "\(next.plain)")
        #expect(page.contains(">Answers to 2 validation texts</summary>"))
        #expect(!page.contains("Earlier answers"))
        #expect(bench.panel("train epochs=1")?.plain.contains("Answers to") == false)
        let texts = lines.map { $0["samples"]?.array?.compactMap { $0["row"]?.integer } ?? [] }
        #expect(texts.count == 3 && Set(texts).count == 1 && texts[0].count == 3)
        for sample in lines.last?["samples"]?.array ?? [] {
            #expect(["positive", "negative"].contains(sample["answer"]?.string ?? ""))
            #expect(
                (sample["probability"]?.number ?? 0) > 0.49
                    && sample["text"]?.string?.hasPrefix("<b>") == true)
        }
    }

    @Test func aModelThatWritesShowsWhatItWrites() throws {
        let bench = Bench()
        bench.run(
            "set workers=2 times=off\nmodel nano-llama\nload toy train=32 test=16 validation=8 prompt=alpaca\nlora r=2"
        )
        let value = try #require(bench.run("train steps=2 samples=2 validate_every=1").statements.last?.value)
        let samples = value["validations"]?[0]?["samples"]?.array ?? []
        #expect(samples.count == 2)
        #expect(samples.allSatisfy { ["positive", "negative"].contains($0["answer"]?.string ?? "") })
    }

    // MARK: - Looks

    @Test func validationsWithinAnEpochHaveStepsAndFractions() throws {
        let bench = bench()
        let panel = try #require(bench.panel("train epochs=2 validate_every=3 by=macro_f1"))
        let rows = panel.plain.split(separator: "\n").map(String.init)
        #expect(rows.contains { $0.contains("0.38") && $0.contains(" 3 ") }, "\(panel.plain)")
        #expect(panel.plain.contains("macro F1") && rows.count { $0.contains("◀ best") } == 1)
        for row in rows { #expect(row.displayWidth <= 80, "\(row)") }
        let html = panel.data[MimeType.html]?.string ?? ""
        #expect(
            html.contains(">step<") && html.contains("best validation") && html.contains("after epoch 1.13"))
        let value = bench.run("train steps=1 validate_every=1").statements.last?.value
        #expect(value?["best"]?["metric"] == "loss")
    }

    @Test func gradientNormsAreDrawnWithTheirLimit() throws {
        let bench = bench()
        bench.run("train epochs=1 clip=0.5")
        let plot = try #require(bench.result("plot norm"))
        #expect(plot.plain.contains("of the steps clipped") && plot.plain.contains("clip 0.5"))
        #expect(bench.result("plot gradients")?.plain == plot.plain)
        let value = bench.run("train steps=2 clip=0").statements.last?.value
        #expect(value?["gradient_norms"]?.array?.count == 2 && value?["clipped"] == nil)
        #expect(bench.result("plot norm")?.plain.contains("clipped") == false)
    }

    @Test func keysThatNeedAnotherSaySo() {
        let bench = bench()
        #expect(bench.problem("train steps=1 min_delta=0.1")?.code == "unused-key")
        #expect(bench.problem("train steps=1 validate=test,test")?.code == "bad-value")
        #expect(bench.problem("train steps=1 early_stopping_patience=None eval_steps=none") == nil)
        for strategy in ["epoch", "no"] {
            let problem = bench.problem("train steps=2 eval_steps=1 eval_strategy=\(strategy)")
            #expect(problem?.code == "two-values" && problem?.hint == "leave one of them out")
        }
        #expect(bench.problem("train steps=2 eval_strategy=epoch eval_steps=None") == nil)
        #expect(bench.problem("train steps=2 eval_strategy=steps eval_steps=1") == nil)
        #expect(
            bench.interpreter.complete("train validate=te", cursor: 17).items.map(\.text).contains("test"))
        #expect(
            bench.interpreter.complete("train validate.map=po", cursor: 21).items.map(\.text) == ["positive"])
        #expect(bench.interpreter.complete("use b", cursor: 5).items.map(\.text).contains("best"))
    }
}
