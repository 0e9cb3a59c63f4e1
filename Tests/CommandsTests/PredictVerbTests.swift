import Datasets
import Diagnostics
import Display
import Foundation
import JSON
import Testing

@testable import Commands
@testable import Training

/// `predict`: what one text is called depends on that text.
@Suite struct PredictVerbTests {
    /// Toy sentences under labels that are several tokens for the nano tokenizer.
    private static let rows =
        "text,label\n"
        + (0..<40).map { "the soup number \($0) was \($0 % 2 == 0 ? "warm,excellent" : "sour,terrible")" }
        .joined(separator: "\n")

    private func probabilities(_ bench: Bench, _ line: String) -> [[Double]] {
        (bench.run(line).statements.last?.value.array ?? []).map { row in
            (row["probabilities"]?.object ?? [:]).map { $0.value.number ?? .nan }
        }
    }

    /// A shared beginning must not swallow the token that the first word is read from.
    @Test(
        arguments: [
            "model nano-llama\nload path=FILE prompt=alpaca", "model nano-llama pooling=mean\nload path=FILE",
            "model nano-llama pooling=cls\nload path=FILE", "model nano-llama\nload path=FILE",
        ])
    func oneTextIsScoredAsBesideOthers(_ beginning: String) throws {
        let path = NSTemporaryDirectory() + "lorikeet-words-\(UInt64.random(in: 0 ... .max)).csv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Self.rows.write(toFile: path, atomically: true, encoding: .utf8)
        let bench = Bench()
        #expect(bench.problem("set times=off\n" + beginning.replacing("FILE", with: path)) == nil)
        let text = "'the soup number seven was really quite warm today'"
        let alike = "'the soup number seven was really quite warm again'"
        let alone = try #require(probabilities(bench, "predict \(text)").first)
        for others in [
            "predict \(text) 'other words'", "predict \(text) \(alike)", "predict \(text) \(text)",
        ] {
            let beside = try #require(probabilities(bench, others).first)
            #expect(beside.count == 2)
            for (one, other) in zip(alone, beside) { #expect(abs(one - other) < 1e-5, "\(others)") }
        }
    }

    private func temporary(_ name: String, _ content: String, _ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "lorikeet-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try content.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        try body("\(folder)/\(name)")
    }

    @Test func aFileIsReadRowByRow() throws {
        let bench = Bench()
        bench.run("set times=off\nmodel nano\nload toy train=32 test=8")
        try temporary("a.tsv", "id\ttext\n7\tthe soup was warm\n8\tan awful song\n") { path in
            let rows = try #require(bench.run("predict \(path)").statements.last?.value.array)
            #expect(rows.map { $0["text"]?.string } == ["the soup was warm", "an awful song"])
            let single = try #require(bench.run("predict 'an awful song'").statements.last?.value.array)
            let (one, other) = (rows[1]["probabilities"]?.object, single[0]["probabilities"]?.object)
            for (a, b) in zip(one ?? [:], other ?? [:]) {
                #expect(abs((a.value.number ?? 0) - (b.value.number ?? 1)) < 1e-5)
            }
        }
    }

    @Test func anEmptyTextInAFileIsSaidToBeThat() throws {
        let bench = Bench()
        bench.run("set times=off workers=2\nmodel nano\nload toy train=32 test=8")
        try temporary("a.csv", "id,text\n1,a warm soup\n2,\n3,' '\n".replacing("'", with: "\"")) { path in
            let shown = try #require(bench.result("predict \(path)"))
            #expect(shown.plain.contains("2 rows without a text, given a class all the same"))
        }
        #expect(bench.result("predict 'a warm soup'")?.plain.contains("without a text") == false)
    }

    /// What load could be told, predict cannot: nothing of `text=` is said here.
    @Test func adviceOnAFilesColumnsNamesNoKeysOfLoad() throws {
        let bench = Bench()
        bench.run("set times=off workers=2\nmodel nano\nload toy train=32 test=16")
        try temporary("a.csv", "a,b,c\nx0,y0,z0\nx1,y1,z1\n") { path in
            let problem = bench.problem("predict \(path)")
            #expect(problem?.hint?.contains("=") != true, "\(problem?.description ?? "")")
        }
        try temporary("p.csv", "text,second,label\na,b,1\nc,d,0\ne,f,1\ng,h,0\n") { path in
            bench.run("load path=\(path) pair=second")
            #expect(bench.problem("predict one")?.message.contains("one text is no pair") == true)
            #expect(
                bench.problem("predict 'a' 'b' 'c'")?.message.contains("of 3 texts one is left over") == true)
        }
    }

    @Test func aNameThatIsNoTextIsRefused() throws {
        let bench = Bench()
        bench.run("set times=off workers=2\nmodel nano\nload toy train=32 test=16")
        #expect(bench.problem("predict nofile.csv")?.code == "no-file")
        #expect(bench.problem("predict \(NSTemporaryDirectory())")?.code == "not-a-text")
        try temporary("a.csv", "text\na soup was warm\n") { path in
            #expect(bench.problem("predict 'a song' \(path)")?.code == "not-a-text")
        }
    }

    @Test func anUntrainedClassifierIsSaidToBeChance() throws {
        let bench = Bench()
        bench.run("set times=off workers=2\nmodel nano\nload toy train=32 test=16")
        for cell in ["predict 'a good song'", "evaluate", "evaluate max_length=16"] {
            #expect(try #require(bench.result(cell)).plain.contains("this is chance"), "\(cell)")
        }
        bench.run("train steps=1")
        for cell in ["predict 'a good song'", "evaluate max_length=16"] {
            #expect(try !#require(bench.result(cell)).plain.contains("this is chance"), "\(cell)")
        }
    }

    @Test func pairsAreJudgedAsPairs() throws {
        let rows = (0..<40).map { "a soup \($0),it was warm \($0),\($0 % 2 == 0 ? "yes" : "no")" }
        try temporary("pairs.csv", "text,pair,label\n" + rows.joined(separator: "\n")) { path in
            let bench = Bench()
            bench.run("set times=off\nmodel nano\nload path=\(path)")
            #expect(bench.problem("predict 'only one'")?.code == "no-pair")
            let two = try #require(bench.run("predict 'a soup' 'it was warm'").statements.last?.value.array)
            #expect(two.count == 1 && two[0]["pair"] == "it was warm")
            let four = bench.run("predict 'a soup' 'it was warm' 'a song' 'no'").statements.last?.value.array
            #expect(four?.count == 2)
            #expect(bench.run("predict \(path)").statements.last?.value.array?.count == 40)
        }
    }

    // MARK: - The winner

    @Test func theWinnerIsSaidFirst() throws {
        let bench = Bench()
        bench.run("set times=off workers=2\nmodel nano\nload toy train=64 test=8\nfull\ntrain epochs=2")
        let outcome = bench.run("predict 'a superb song'")
        let label = try #require(outcome.statements.last?.value[0]?["class"]?.string)
        let shown = try #require(bench.result("predict 'a superb song'"))
        #expect(shown.plain.hasPrefix("\(label)  “a superb song”\n  \(label)"), "\(shown.plain)")
        let html = shown.data[MimeType.html]?.string ?? ""
        #expect(
            html.contains("<b title=\"\(label)\" style=\"font-size:16px;font-weight:600\">\(label)</b>"))
        for line in shown.plain.split(separator: "\n") { #expect(line.count <= 80) }
    }

    private static let classes = (0..<8).map { "kind \($0)" }

    @Test func ofManyClassesTheFiveLikeliestAreShown() throws {
        let answer = Answer(
            number: 0, values: [0.02, 0.3, 0.01, 0.25, 0.2, 0.1, 0.08, 0.04].map { log($0) }, truth: nil)
        let report = PredictionReport(
            [Example(text: "a text", id: 0)], [answer], labels: Self.classes, notes: [], warning: nil)
        let bundle = report.mimeBundle()
        let html = try #require(bundle.data[MimeType.html]?.string)
        for text in [html, bundle.plain] {
            #expect(
                text.contains("3 more classes share 7.0%")
                    && text.contains("5.0 points between the first two"))
            #expect(!text.contains("kind 0") && !text.contains("kind 2") && !text.contains("kind 7"))
        }
        let order = ["kind 1", "kind 3", "kind 4", "kind 5", "kind 6"].map {
            bundle.plain.ranges(of: $0).last
        }
        let places = order.compactMap { $0?.lowerBound }
        #expect(places.count == 5 && places == places.sorted())
        #expect(html.contains("width:30.0%") && html.contains("background:#1A80C4"))
        #expect(report.value[0]?["probabilities"]?.object?.keys == Self.classes)
    }

    // MARK: - Files

    @Test func answersAreWrittenBesideTheirTexts() throws {
        let bench = Bench()
        bench.run("set times=off workers=2\nmodel nano\nload toy train=32 test=8")
        let content = "id,text\n1,\"warm, and \"\"good\"\"\"\n2,a sour song\n"
        try temporary("new.csv", content) { path in
            let target = path.replacing("new.csv", with: "answers.csv")
            let outcome = bench.run("predict file=\(path) to=\(target)")
            let rows = try #require(outcome.statements.last?.value.array)
            if case .finished(let bundle?) = outcome.ending {
                #expect(bundle.plain.contains("2 rows written to"))
            }
            let lines = try String(contentsOfFile: target, encoding: .utf8).split(separator: "\n")
            #expect(lines.count == 3 && lines[0] == "text,answer,p_negative,p_positive")
            let classes = rows.map { $0["class"]?.string ?? "" }
            #expect(lines[1].hasPrefix("\"warm, and \"\"good\"\"\",\(classes[0]),0."))
            #expect(lines[2].hasPrefix("a sour song,\(classes[1]),0."))
            let shares = lines[2].split(separator: ",").suffix(2).compactMap { Double($0) }
            #expect(abs(shares.reduce(0, +) - 1) < 1e-5)
            // What was written is read again, and by load too.
            #expect(bench.problem("predict file=\(target) to=\(path.replacing("new", with: "again"))") == nil)
            let again = try String(contentsOfFile: path.replacing("new", with: "again"), encoding: .utf8)
            #expect(again == lines.joined(separator: "\n") + "\n")
        }
    }

    @Test func theFileThatTextsComeFromIsNeverWrittenOver() throws {
        let bench = Bench()
        bench.run("set times=off workers=2\nmodel nano\nload toy train=32 test=8")
        try temporary("new.csv", "text\na warm soup\n") { path in
            let folder = path.replacing("/new.csv", with: "")
            let link = "\(folder)/link.csv"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
            for cell in [
                "predict file=\(path) to=\(path)", "predict \(path) to=\(path)",
                "predict file=\(link) to=\(path)",
                "predict file=\(path) to=\(folder)/../\(folder.split(separator: "/").last ?? "")/new.csv",
            ] {
                #expect(bench.problem(cell)?.code == "cannot-write", "\(cell)")
            }
            #expect(bench.problem("predict 'a text' to=\(folder)")?.code == "bad-value")
            #expect(bench.problem("predict 'a text' file=\(path)")?.code == "two-values")
            #expect(bench.problem("predict file=\(folder)/none.csv")?.code == "no-file")
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "text\na warm soup\n")
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(Set(left) == ["new.csv", "link.csv"])
        }
    }

    @Test func aPairIsGivenByName() throws {
        let rows = (0..<40).map { "a soup \($0),it was warm \($0),\($0 % 2 == 0 ? "yes" : "no")" }
        try temporary("pairs.csv", "text,pair,label\n" + rows.joined(separator: "\n")) { path in
            let bench = Bench()
            bench.run("set times=off\nmodel nano\nload path=\(path)")
            let named = bench.run("predict 'a soup' pair='it was warm'").statements.last?.value
            #expect(named == bench.run("predict 'a soup' 'it was warm'").statements.last?.value)
            #expect(named?[0]?["pair"] == "it was warm")
            #expect(bench.problem("predict 'a' 'b' pair='c'")?.code == "no-pair")
            let target = path.replacing("pairs.csv", with: "out.csv")
            bench.run("predict file=\(path) to=\(target)")
            let head = try String(contentsOfFile: target, encoding: .utf8).prefix { $0 != "\n" }
            #expect(head.hasPrefix("text,pair,answer,p_"))
            bench.run("load toy train=32 test=8")
            #expect(bench.problem("predict 'a' pair='c'")?.code == "no-pair")
        }
    }
}
