import JSON
import TestScratch
import Testing

@testable import Commands
@testable import Training

/// `show wrong`, `top_losses` and `best` of what has no classes.
@Suite struct ShowRankedTests {
    private let bench = Bench()
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func rows(_ line: String) throws -> [JSON] {
        try #require(bench.run(line).statements.last?.value.array, "\(line)")
    }

    private func loadRequests() throws {
        let rows = ["a bird", "a fish", "a tree", "the sea"].enumerated().map {
            #"{"instruction":"say what it is","input":"\#($0)","output":"\#($1)","split":"test"}"#
        }
        let train = #"{"instruction":"say","input":"x","output":"a song","split":"train"}"#
        let path = try scratch.file("requests.jsonl", ([train] + rows).joined(separator: "\n") + "\n")
        bench.run("set times=off\nmodel nano-llama\nload path=\(path) prompt=alpaca")
    }

    @Test func answersThatAreLeastProbableComeFirst() throws {
        try loadRequests()
        bench.run("evaluate")
        let worst = try rows("show top_losses n=10")
        let losses = worst.compactMap { $0["loss"]?.number }
        #expect(losses.count == 4 && losses == losses.sorted(by: >) && Set(losses).count == 4)
        let best = try rows("show best n=10")
        #expect(best.compactMap { $0["loss"]?.number } == losses.reversed())
        #expect(worst.first?["answer"] == best.last?["answer"])
        // The mean over all tokens lies between the means of texts.
        let mean = try #require(bench.interpreter.session.state.metrics["loss"]?.number)
        #expect(mean < losses[0] && mean > losses[3])
        let shown = try #require(bench.result("show top_losses"))
        #expect(shown.plain.hasPrefix("Highest loss first"))
        #expect(bench.problem("show wrong")?.code == "no-mistakes")
        #expect(bench.problem("show best class=a") != nil)
    }

    @Test func whatWasWrittenIsInTheOrderOfItsFigure() throws {
        try loadRequests()
        bench.run("evaluate metrics=chrf,exact_match max_tokens=6")
        let wrong = try rows("show wrong n=10")
        let scores = wrong.compactMap { $0["chrf"]?.number }
        #expect(scores.count == 4 && scores == scores.sorted() && wrong.allSatisfy { $0["written"] != nil })
        #expect(try rows("show best n=10").compactMap { $0["chrf"]?.number } == scores.reversed())
        // How probable the known answers are is another order.
        #expect(try rows("show top_losses n=10").first?["loss"] != nil)
        let shown = try #require(bench.result("show wrong n=2"))
        #expect(
            shown.plain.hasPrefix("Wrong, the worst first") && shown.plain.contains("2 more: show wrong n=4"))
    }

    @Test func pairsAreInTheOrderOfTheirMargins() throws {
        let pairs = (0..<24).map { number in
            #"{"prompt":"say \#(number)","chosen":"a bird \#(number % 5)","rejected":"the sea \#(number % 3)"}"#
        }
        let path = try scratch.file("pairs.jsonl", pairs.joined(separator: "\n") + "\n")
        bench.run(
            "set times=off\nmodel nano-llama\nload path=\(path) train=12 validation=2 test=10\nlora\ndpo epochs=2 lr=1e-2\nevaluate"
        )
        let all = try rows("show top_losses n=100")
        let margins = all.compactMap { $0["margin"]?.number }
        try #require(margins.count == 10)
        #expect(margins == margins.sorted() && all.allSatisfy { $0["rejected"] != nil })
        let right = margins.count { $0 > 0 }
        let accuracy = try #require(bench.interpreter.session.state.metrics["accuracy"]?.number)
        #expect(abs(accuracy - Double(right) / 10) < 1e-9)
        #expect(bench.run("show wrong n=100").statements.last?.value.array?.count == 10 - right)
        #expect(try rows("show best n=100").count == right)
    }
}
