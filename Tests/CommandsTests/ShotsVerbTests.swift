import Foundation
import JSON
import TestScratch
import Testing

@testable import Commands
@testable import Training

/// `evaluate shots=`: examples before each text, and how classes' words are scored.
@Suite struct ShotsVerbTests {
    private static let start = "model nano-llama\nload toy train=40 validation=10 test=20 prompt=plain\n"

    @Test func whatWasShownIsKeptApart() throws {
        let bench = Bench()
        let plain = try #require(bench.run(Self.start + "evaluate").statements.last?.value)
        let four = try #require(bench.run("evaluate shots=4 as=four").statements.last?.value)
        #expect(four["shots"]?.integer == 4 && plain["shots"] == nil)
        #expect(four["loss"]?.number != plain["loss"]?.number)
        #expect(try #require(four["shot_tokens"]?.integer) > 20)
        let compared = try #require(bench.run("compare base four").statements.last?.value)
        #expect(compared["n"]?.integer == 20)
        #expect(bench.problem("evaluate shots=2\ncompare base base-shots-2 four") == nil)
        let names = bench.interpreter.session.state.engine.evaluations.map(\.name)
        #expect(names == ["base", "four", "base-shots-2"])
    }

    @Test func aSeedDecidesWhichAreShown() throws {
        let bench = Bench()
        bench.run(Self.start)
        func loss(_ cell: String) throws -> Double {
            try #require(bench.run(cell).statements.last?.value["loss"]?.number)
        }
        #expect(try loss("evaluate shots=2 seed=1") == loss("evaluate shots=2 seed=1"))
        #expect(try loss("evaluate shots=2 seed=1") != loss("evaluate shots=2 seed=2"))
        #expect(try loss("evaluate shots=0") == loss("evaluate"))
        #expect(bench.problem("evaluate seed=3")?.code == "unused-key")
    }

    /// What `show prompt` shows is what is read: the examples, with their answers, and not the text's own part.
    @Test func thePromptShowsThem() throws {
        let bench = Bench()
        bench.run(Self.start)
        let rows = try #require(bench.run("show prompt shots=2 on=test").statements.last?.value.array)
        let tokens = try #require(rows.first?["tokens"]?.array)
        let text = tokens.compactMap { $0["text"]?.string }.joined()
        let dataset = try #require(bench.interpreter.session.state.engine.data).dataset
        #expect(Set(dataset.train.map(\.text)).count { text.contains($0) } == 2)
        #expect(text.contains(dataset.test[0].text))
        let learned = tokens.count { $0["state"]?.string == "learned" }
        let alone = try #require(bench.run("show prompt on=test").statements.last?.value.array?.first)
        #expect(learned == alone["tokens"]?.array?.count { $0["state"]?.string == "learned" })
        #expect(bench.problem("show shots=2")?.code == "unused-key")
    }

    @Test func predictIsAskedLikewise() throws {
        let bench = Bench()
        bench.run(Self.start)
        func values(_ cell: String) throws -> JSON { try #require(bench.run(cell).statements.last?.value) }
        #expect(try values("predict 'a bleak song'") != values("predict 'a bleak song' shots=2"))
        #expect(bench.result("predict 'a bleak song' shots=2")?.plain.contains("2 examples before") == true)
    }

    @Test func requestsHaveExamplesToo() throws {
        let scratch = try Scratch()
        let rows = (0..<12).map {
            #"{"instruction":"say \#($0)","output":"a song","split":"\#($0 < 8 ? "train" : "test")"}"#
        }
        let path = try scratch.file("requests.jsonl", rows.joined(separator: "\n") + "\n")
        let bench = Bench()
        let cell = "model nano-llama\nload path=\(path) prompt=plain validation=0\n"
        let plain = try #require(bench.run(cell + "evaluate").statements.last?.value)
        let two = try #require(
            bench.run("evaluate shots=2 metrics=bleu max_tokens=3").statements.last?.value)
        #expect(two["shots"]?.integer == 2 && two["answers"]?.array?.count == 4)
        #expect(two["perplexity"]?.number != plain["perplexity"]?.number)
        #expect(two["tokens"]?.integer == plain["tokens"]?.integer, "the same tokens are judged")
    }

    @Test func whatCannotBeShownIsRefusedByName() throws {
        let bench = Bench()
        bench.run("model nano\nload toy train=16 test=8")
        let problem = try #require(bench.problem("evaluate shots=2"))
        #expect(problem.code == "no-shots" && problem.message.contains("a classifier"))
        #expect(problem.hint == "load the data with prompt=alpaca, or leave shots out")
        #expect(bench.problem("evaluate scoring=mean")?.code == "unused-key")
        #expect(bench.problem("load toy scoring=mean")?.code == "unused-key")
        let own = Bench()
        own.run("model nano-llama\nload toy train=16 test=8 prompt=plain")
        #expect(own.problem("evaluate train shots=2")?.message.contains("not among the texts") == true)
        #expect(own.problem("evaluate shots=2 max_length=64")?.code == "too-long")
    }

    // MARK: - How words are scored

    /// Classes whose names differ in length.
    private func films(in scratch: Scratch, _ count: Int) throws -> String {
        let rows = (0..<count).map { number in
            let word = number % 2 == 0 ? "good" : "bad"
            return "the \(word) film number \(number),\(word == "bad" ? "very bad indeed" : word)"
        }
        return try scratch.file("films.csv", (["text,label"] + rows).joined(separator: "\n") + "\n")
    }

    @Test func scoringIsOfTheDataAndOfACall() throws {
        let scratch = try Scratch()
        let path = try films(in: scratch, 24)
        func loss(_ cells: String...) throws -> Double {
            let bench = Bench()
            return try #require(
                cells.map { bench.run($0) }.last?.statements.last?.value["loss"]?.number)
        }
        let model = "model nano-llama\nload path=\(path) prompt=plain"
        let (sum, mean) = (try loss(model + "\nevaluate"), try loss(model + " scoring=mean\nevaluate"))
        #expect(sum != mean)
        #expect(try loss(model + "\nevaluate scoring=mean") == mean)
        #expect(try loss(model + " scoring=mean\nevaluate scoring=sum") == sum)
        #expect(try loss(model + "\nevaluate scoring=mean", "evaluate") == sum, "in that call alone")
    }

    /// Training is judged as the data say, and makes the same steps.
    @Test func trainingIsJudgedAsTheDataSay() throws {
        let scratch = try Scratch()
        let path = try films(in: scratch, 40)
        let runs = try ["sum", "mean"].map { scoring -> (validation: Double, loss: Double) in
            let bench = Bench()
            try #require(
                bench.problem(
                    "model nano-llama\nload path=\(path) prompt=plain validation=10 scoring=\(scoring)\nlora r=2\n"
                        + "train steps=2 batch=4"
                ) == nil)
            let engine = bench.interpreter.session.state.engine
            let line = try #require(engine.run?.lineInUse?.validation)
            return (line.loss, try #require(engine.run?.steps.last).loss)
        }
        #expect(runs[0].loss == runs[1].loss && runs[0].validation != runs[1].validation)
    }
}
