import Display
import Foundation
import JSON
import Testing

@testable import Commands

/// `show wrong` and `show top_losses`.
@Suite struct ShowMistakesTests {
    private let bench = Bench()

    /// Learned a little, so that some answers are right and some are wrong.
    init() {
        bench.run(
            "set times=off workers=2\nmodel nano\nload toy train=64 test=48 validation=16\ntrain epochs=1")
    }

    private func rows(_ line: String) throws -> [JSON] {
        try #require(bench.run(line).statements.last?.value.array, "\(line)")
    }

    @Test func theSurestMistakeComesFirst() throws {
        bench.run("evaluate")
        let result = try #require(bench.interpreter.session.state.engine.evaluation)
        let wrong = result.matrix.total - (0..<2).reduce(0) { $0 + result.matrix.counts[$1][$1] }
        try #require(wrong > 5)
        let rows = try rows("show wrong n=1000")
        #expect(rows.count == wrong)
        let sure = rows.compactMap { $0["probability"]?.number }
        #expect(sure == sure.sorted(by: >) && sure.allSatisfy { $0 > 0.5 })
        let dataset = try #require(bench.interpreter.session.state.engine.data).dataset
        for row in rows {
            #expect(row["true"] != row["answer"])
            let example = try #require(dataset.test.first { $0.id == row["row"]?.integer })
            #expect(example.text == row["text"]?.string)
            #expect(example.label.map { dataset.labels[$0] } == row["true"]?.string)
        }
        // The five most certain ones, and what is left out is said.
        let shown = try #require(bench.result("show wrong"))
        #expect(shown.plain.hasPrefix("Wrong, most certain first  toy, test · \(wrong) of 48 · 5 shown"))
        #expect(shown.plain.contains("\(wrong - 5) more: show wrong n=\(wrong)"))
        for type in [MimeType.html, MimeType.markdown, MimeType.latex] { #expect(shown.data[type] != nil) }
    }

    @Test func theAnswersAreThoseOfPredict() throws {
        let row = try #require(try rows("show wrong n=1").first)
        let text = try #require(row["text"]?.string)
        let answer = try #require(bench.run("predict '\(text)'").statements.last?.value[0])
        #expect(answer["class"] == row["answer"])
        let label = try #require(row["answer"]?.string)
        let share = try #require(answer["probabilities"]?[label]?.number)
        #expect(abs(share - (row["probability"]?.number ?? 0)) < 1e-4)
    }

    @Test func theHighestLossComesFirst() throws {
        let rows = try rows("show top_losses n=1000 on=validation")
        #expect(rows.count == 16)
        let losses = rows.compactMap { $0["loss"]?.number }
        #expect(losses == losses.sorted(by: >))
        let mean = bench.interpreter.session.state.metrics["loss"]?.number ?? 0
        #expect(abs(losses.reduce(0, +) / 16 - mean) < 1e-5)
        #expect(bench.interpreter.session.state.engine.evaluation?.split == .validation)
    }

    @Test func theSurestRightAnswerComesFirst() throws {
        let rows = try rows("show best n=1000")
        let result = try #require(bench.interpreter.session.state.engine.evaluation)
        #expect(rows.count == (0..<2).reduce(0) { $0 + result.matrix.counts[$1][$1] })
        let sure = rows.compactMap { $0["probability"]?.number }
        #expect(sure == sure.sorted(by: >) && rows.allSatisfy { $0["true"] == $0["answer"] })
        #expect(try #require(bench.result("show best")).plain.hasPrefix("Right, most certain first"))
    }

    /// Mistakes on other data are shown with those data's texts.
    @Test func mistakesOnOtherDataAreTheirTexts() throws {
        let path = NSTemporaryDirectory() + "lorikeet-other-\(UInt64.random(in: 0 ... .max)).csv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let texts = (0..<60).map { "a wholly other text of number \($0),\($0 % 2 == 0 ? "neg" : "pos")" }
        try ("text,label\n" + texts.joined(separator: "\n")).write(
            toFile: path, atomically: true, encoding: .utf8)
        #expect(bench.problem("evaluate data=\(path)")?.code == "other-classes")
        let value = try #require(
            bench.run("evaluate data=\(path) map=negative:neg,positive:pos").statements.last?.value)
        #expect(value["n"] == 60 && value["labels"] == ["negative", "positive"])
        for line in ["show wrong n=100", "show top_losses n=100"] {
            #expect(try rows(line).allSatisfy { $0["text"]?.string?.hasPrefix("a wholly other") == true })
        }
        // Of the loaded data nothing has been judged.
        #expect(try rows("show top_losses on=test n=100").count == 48)
        #expect(bench.interpreter.session.state.engine.data?.dataset.name == "toy")
    }

    @Test func aPartIsJudgedWhereItHasNotBeen() throws {
        #expect(bench.interpreter.session.state.engine.evaluation == nil)
        bench.run("show wrong")
        #expect(bench.interpreter.session.state.engine.evaluation?.split == .test)
        bench.run("evaluate on=train\nshow wrong")
        #expect(bench.interpreter.session.state.engine.evaluation?.split == .train)
        bench.run("show wrong on=test")
        #expect(bench.interpreter.session.state.engine.evaluation?.split == .test)
        // What only looks judges nothing.
        bench.run("train steps=1\nshow\nshow tokens")
        #expect(bench.interpreter.session.state.engine.evaluation == nil)
    }

    @Test func aClassIsPickedByTheTruth() throws {
        for label in ["negative", "positive"] {
            let rows = try rows("show top_losses n=1000 class=\(label)")
            #expect(!rows.isEmpty && rows.allSatisfy { $0["true"]?.string == label })
        }
    }

    @Test func nothingWrongIsSaidSo() throws {
        // A rate of almost nothing leaves a head that calls everything the same: one class has no mistakes.
        bench.run("lora\ntrain steps=1 lr=1e-9\nevaluate")
        let matrix = try #require(bench.interpreter.session.state.engine.evaluation).matrix
        let label = try #require((0..<2).first { matrix.recall($0) == 1 })
        let name = matrix.labels[label]
        let shown = try #require(bench.result("show wrong class=\(name)"))
        let texts = "all \(matrix.support(label)) texts of \(name) in toy, test"
        #expect(shown.plain == "nothing is wrong: \(texts) got the right class")
    }

    @Test func aTextThatWasCutIsMarked() throws {
        let shown = try #require(bench.result("evaluate max_length=8;\nshow top_losses"))
        #expect(shown.plain.contains("✂ cut to 8 tokens before the model saw it"), "\(shown.plain)")
        let row = try #require(try rows("show top_losses n=48").first { $0["cut"] != 0 })
        #expect(row["tokens"] == 8)
    }

    @Test func markupInATextStaysText() throws {
        let path = NSTemporaryDirectory() + "lorikeet-wrong-\(UInt64.random(in: 0 ... .max)).csv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let attack = "<img src=x onerror=alert(1)>"
        let rows = (0..<40).map {
            "\(attack) \($0) \(String(repeating: "and on ", count: $0)),\($0 % 2 == 0 ? attack : "ham")"
        }
        try ("text,label\n" + rows.joined(separator: "\n")).write(
            toFile: path, atomically: true, encoding: .utf8)
        let shown = try #require(bench.result("load path=\(path)\nshow wrong n=40 on=train"))
        let html = try #require(shown.data[MimeType.html]?.string)
        #expect(html.contains("&lt;img") && !html.contains("<img"))
        #expect(html.contains("<details>"), "long texts are folded")
        // The first line names the file.
        for line in shown.plain.split(separator: "\n").dropFirst() { #expect(line.count <= 80, "\(line)") }
    }
}
