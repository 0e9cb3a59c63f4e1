import Diagnostics
import Display
import Foundation
import JSON
import Testing
import Training

@testable import Commands

/// `evaluate`: what a score is worth is said beside it.
@Suite struct EvaluateVerbTests {
    private let bench = Bench()

    init() { bench.run("set times=off workers=2\nmodel nano\nload toy train=200 test=100") }

    private func seen(_ line: String = "evaluate") -> Int? {
        bench.run(line).statements.last?.value["seen"]?.integer
    }

    @Test func textsThatWereTrainedOnAreNoTest() throws {
        #expect(seen() == 0)
        bench.run("full\ntrain epochs=1")
        #expect(seen() == 0)
        #expect(try #require(bench.result("evaluate")).plain.contains("no test") == false)
        #expect(seen("evaluate on=train") == 200)
        // Another carving of the same rows tests on some that were learned from.
        bench.run("load toy train=200 test=100 seed=7")
        let count = try #require(seen())
        #expect(count > 10 && count < 100)
        #expect(bench.interpreter.session.state.metrics["seen"] == .integer(count))
        let said = "\(count) of the 100 texts are among those the weights have learned from: this is no test"
        let shown = try #require(bench.result("evaluate")).plain
        #expect(shown.contains(said) && shown.contains("(no test: \(count) of 100 were trained on)"))
        for line in ["confusion", "plot confusion", "table classes", "table confusion"] {
            #expect(try #require(bench.result(line)).plain.contains("no test"), "\(line)")
        }
        #expect(bench.run("confusion").statements.last?.value["seen"] == .integer(count))
        // Weights from the base again have seen nothing.
        bench.run("lora r=4")
        #expect(seen() == 0)
    }

    @Test func onlyWhatUpdatesWereMadeOfCounts() {
        bench.run("full\ntrain steps=3 batch=8")
        #expect(seen("evaluate on=train") == 24)
        // More steps of the same order add theirs; what was seen stays seen.
        bench.run("train steps=1 batch=4 seed=1")
        let more = seen("evaluate on=train") ?? 0
        #expect(more >= 24 && more <= 28)
    }

    @Test func aFileWithSomeOfTheTextsIsNoTestEither() throws {
        bench.run("full\ntrain epochs=1")
        let texts = bench.interpreter.session.state.engine.data?.dataset.train.prefix(3).map(\.text) ?? []
        let rows =
            texts.map { " \($0) ,positive" }
            + (0..<40).map { "never read before \($0),\($0 % 2 == 0 ? "negative" : "positive")" }
        let path = NSTemporaryDirectory() + "lorikeet-seen-\(UInt64.random(in: 0 ... .max)).csv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try ("text,label\n" + rows.joined(separator: "\n"))
            .write(toFile: path, atomically: true, encoding: .utf8)
        #expect(bench.problem("load path=\(path)") == nil)
        let counts = ["train", "validation", "test"].compactMap { seen("evaluate on=\($0)") }
        #expect(counts.count == 3 && counts.reduce(0, +) == 3)
    }

    @Test func validationThatWasTrainedOnIsNotPassedOffAsUnseen() throws {
        bench.run("full\ntrain epochs=1\nload toy train=100 validation=60 test=40 seed=9")
        let shown = try #require(bench.panel("train steps=2")).plain
        #expect(shown.contains("validation: ") && shown.contains("this is no test"), "\(shown)")
    }

    @Test func whatWasLearnedFromIsKnownAfterSaveAndOpen() throws {
        let folder = NSTemporaryDirectory() + "lorikeet-seen-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(bench.problem("lora\ntrain steps=5 batch=8\nsave \(folder)") == nil)
        let other = Bench()
        other.run("model nano\nload toy train=200 test=100\nopen \(folder)")
        #expect(other.run("evaluate on=train").statements.last?.value["seen"] == 40)
        let unknown = "what the opened weights were tuned on before is not known"
        #expect(try #require(other.result("evaluate")).plain.contains(unknown) == false)
        // Without our notes nobody knows.
        try FileManager.default.removeItem(atPath: "\(folder)/lorikeet.json")
        other.run("open \(folder)")
        #expect(try #require(other.result("evaluate")).plain.contains(unknown))
    }

    @Test func aScoreThatNeedsNoReadingIsRemarked() throws {
        // One step at a rate of almost nothing leaves a head that calls everything the same.
        bench.run("lora\ntrain steps=1 lr=1e-9")
        let result = try #require(bench.result("evaluate")).plain
        let matrix = try #require(bench.interpreter.session.state.engine.evaluation).matrix
        if matrix.predicted(0) == 0 || matrix.predicted(1) == 0 {
            #expect(result.contains("every text is called "))
        } else {
            #expect(result.contains("no better than") == (matrix.accuracy <= 0.5))
        }
        bench.run("full\ntrain epochs=3")
        let good = try #require(bench.result("evaluate")).plain
        #expect(!good.contains("no better than") && !good.contains("every text is called"))
    }

    // MARK: - What is seen first

    @Test func theHeadlineComesFirst() throws {
        let shown = try #require(bench.result("full\ntrain epochs=2\nevaluate"))
        let matrix = try #require(bench.interpreter.session.state.engine.evaluation).matrix
        let right = matrix.counts[0][0] + matrix.counts[1][1]
        let lines = shown.plain.split(separator: "\n", omittingEmptySubsequences: false)
        let accuracy = "\(Int((100 * matrix.accuracy).rounded()))%"
        #expect(lines[0] == "toy, test  full · accuracy")
        #expect(
            lines[2].hasPrefix("\(accuracy)  ") && lines[2].contains("\(right) of 100 right, +"),
            "\(lines[2])")
        #expect(lines[3].hasPrefix("0% ") && lines[3].contains("●") && lines[3].contains("│"))
        #expect(lines[4].trimmingCharacters(in: .whitespaces).hasPrefix("baseline 5"))
        for line in lines.prefix(10) { #expect(line.count <= 80, "\(line)") }
        let html = try #require(shown.data[MimeType.html]?.string)
        #expect(
            html.contains("<span style=\"font-size:28px;font-weight:600;line-height:1.2\">\(accuracy)</span>")
        )
        let order = ["font-size:28px", "baseline", "right</b>", "macro", "where these figures come from"]
        let places = order.compactMap { html.range(of: $0)?.lowerBound }
        #expect(places.count >= 4 && places == places.sorted())
    }

    @Test func everyClassHasItsFiguresAndTheirMeanStandsBelow() throws {
        let shown = try #require(bench.result("full\ntrain epochs=1\nevaluate"))
        for word in [
            "precision", "recall", "F1", "texts", "negative", "positive", "macro", "balanced accuracy",
        ] {
            #expect(shown.plain.contains(word), "\(word)")
            #expect(shown.data[MimeType.markdown]?.string?.contains(word) == true, "\(word)")
        }
        #expect(shown.data[MimeType.latex]?.string?.contains(#"\begin{tabular}"#) == true)
        let error = bench.run("evaluate").statements.last?.value["calibration_error"]?.number
        #expect(try (0...1).contains(#require(error)))
        #expect(bench.interpreter.session.state.metrics["calibration_error"]?.number == error)
    }

    @Test func aFigureThatDividesByNothingIsAbsent() {
        let matrix = ConfusionMatrix(labels: ["a", "b", "c"], counts: [[3, 0, 0], [2, 0, 0], [0, 0, 0]])
        let table = Table.classes(of: matrix)
        #expect(table.value[1]?["precision"] == .null && table.value[1]?["recall"]?.number == 0)
        #expect(table.value[2]?["recall"] == .null && table.value[2]?["F1"] == .null)
        #expect(!table.plain.lowercased().contains("nan") && !table.plain.contains("not a number"))
    }

    @Test func ofManyClassesTheLargestAreShown() {
        let labels = (0..<50).map { "class \($0)" }
        let counts = (0..<50).map { row in (0..<50).map { $0 == row ? row : 0 } }
        let table = Table.classes(of: ConfusionMatrix(labels: labels, counts: counts), shown: 20)
        #expect(table.rows.count == 21 && table.value[0]?["class"] == "class 30")
        #expect(table.notes == ["the 20 largest of 50 classes; table classes shows all"])
    }

    @Test func whatTakesWorthFromAScoreIsRuledInOrange() throws {
        let chance = try #require(bench.result("evaluate")?.data[MimeType.html]?.string)
        #expect(chance.contains("border-left:3px solid #D55E00"))
        #expect(chance.contains("the classifier has not been trained</b>: this is chance"))
        bench.run("full\ntrain epochs=3")
        let good = try #require(bench.result("evaluate")?.data[MimeType.html]?.string)
        #expect(!good.contains("#D55E00"))
        let seen = try #require(bench.result("evaluate on=train"))
        #expect(seen.plain.contains("! 200 of the 200 texts are among those"))
        #expect(seen.data[MimeType.html]?.string?.contains("#D55E00") == true)
    }
}
