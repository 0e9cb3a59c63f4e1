import Foundation
import JSON
import TestScratch
import Testing

@testable import Commands
@testable import Training

/// `judge`: what was written, rated by a model or a program.
@Suite struct JudgeVerbTests {
    private func ready(_ scratch: Scratch, as name: String = "first") throws -> Bench {
        let rows = (0..<8).map {
            #"{"instruction":"say \#($0)","output":"a song","split":"\#($0 < 3 ? "train" : "test")"}"#
        }
        let path = try scratch.file("requests.jsonl", rows.joined(separator: "\n") + "\n")
        let bench = Bench()
        let problem = bench.problem(
            "model nano-llama\nload path=\(path) prompt=plain validation=0\n"
                + "evaluate metrics=bleu max_tokens=3 as=\(name)")
        #expect(problem == nil)
        return bench
    }

    /// A program that says what each line holds.
    private func program(_ scratch: Scratch, _ body: String) throws -> String {
        let path = try scratch.file("judge.sh", "while read -r line; do \(body); done\n")
        return "command='sh \(path)'"
    }

    private func value(_ bench: Bench, _ cell: String) throws -> JSON {
        let outcome = bench.run(cell)
        if case .failed(let report) = outcome.ending { Issue.record("\(report.diagnostic)") }
        return try #require(outcome.statements.last?.value)
    }

    @Test func aProgramRatesEachAnswer() throws {
        let scratch = try Scratch()
        let bench = try ready(scratch)
        let command = try program(
            scratch, #"case "$line" in *"say 4"*) echo null;; *"say 5"*) echo 100;; *) echo 40;; esac"#)
        let found = try value(bench, "judge of=first \(command)")
        let judge = try #require(found["judges"]?.array?.first)
        #expect(judge["judge"]?.string == "sh" && judge["dropped"]?.integer == 1)
        #expect(judge["ratings"]?.array?.map(\.number) == [40, nil, 100, 40, 40])
        #expect(judge["mean"]?.number == 55 && judge["interval"]?.array?.count == 2)
        let display = try #require(bench.result("judge n=2 \(command)"))
        #expect(display.plain.contains("first, rated from 0 to 100"))
        #expect(display.data["text/html"] != nil)
    }

    @Test func whatAProgramReadsIsTheRequestTheAnswerAndWhatWasKnown() throws {
        let scratch = try Scratch()
        let bench = try ready(scratch)
        let lines = "\(scratch.path)/lines"
        _ = try value(
            bench, "judge of=first \(try program(scratch, #"echo "$line" >> "# + lines + "; echo 1"))")
        let read = try String(contentsOfFile: lines, encoding: .utf8).split(separator: "\n")
            .map { try JSON(parsing: Data($0.utf8)) }
        let written = try #require(bench.interpreter.session.state.engine.evaluations.last).result.written
        #expect(read.compactMap { $0["source"]?.string } == (3..<8).map { "say \($0)" })
        #expect(read.compactMap { $0["hypothesis"]?.string } == written.map(\.text))
        #expect(read.allSatisfy { $0["references"]?.array?.compactMap(\.string) == ["a song"] })
    }

    /// One judge likes whatever stands first, another an answer wherever it stands.
    @Test func aVerdictCountsInBothOrders() throws {
        let scratch = try Scratch()
        let bench = try ready(scratch)
        let tuned = "full\ntrain steps=2 save_every=0\nevaluate metrics=bleu max_tokens=1 as=second"
        #expect(bench.problem(tuned) == nil)
        let first = try value(bench, "judge of=first,second \(try program(scratch, "echo 90"))")
        let biased = try #require(first["judges"]?.array?.first)
        #expect(biased["undecided"]?.integer == 5 && biased["agreement"]?.number == 0)
        #expect(biased["first_place"]?.number == 1 && biased["preference"]?.number == 50)
        let other = try Scratch()
        let longer =
            #"h=${line#*hypothesis\":\"}; h=${h%%\",\"other*}; o=${line#*other\":\"}; "#
            + #"o=${o%%\",\"references*}; [ ${#h} -gt ${#o} ] && echo 100 || echo 0"#
        let second = try value(bench, "judge of=first,second \(try program(other, longer))")
        let fair = try #require(second["judges"]?.array?.first)
        #expect(fair["judged"]?.integer == 5 && fair["dropped"]?.integer == 0)
        let decided = ["first_better", "second_better"].compactMap { fair[$0]?.integer }.reduce(0, +)
        #expect(decided > 0 && fair["undecided"]?.integer == 5 - decided)
        let display = bench.result("judge of=first,second \(try program(scratch, "echo 90"))")
        #expect(display?.plain.contains("the orders disagree") == true)
    }

    @Test func twoJudgesAreComparedWithEachOther() throws {
        let scratch = try Scratch()
        let bench = try ready(scratch)
        let cell =
            "judge of=first with=nano-llama prompt=plain \(try program(scratch, "echo $(( ${#line} % 100 ))"))"
        let found = try value(bench, cell)
        #expect(found["judges"]?.array?.compactMap { $0["judge"]?.string } == ["nano-llama", "sh"])
        let ratings = try #require(found["judges"]?.array?.first?["ratings"]?.array).compactMap(\.number)
        #expect(ratings.count == 5 && ratings.allSatisfy { (0...100).contains($0) })
        let correlation = found["correlation"]?["pearson"]?.number
        #expect(correlation.map { (-1...1).contains($0) } ?? true)
        #expect(bench.problem("judge with=nano-llama prompt=plain by=written") == nil)
    }

    @Test func whatCannotBeJudgedIsNamed() throws {
        let scratch = try Scratch()
        let bench = try ready(scratch)
        #expect(bench.problem("judge of=nobody with=nano-llama")?.code == "no-evaluation")
        #expect(bench.problem("judge")?.code == "missing-value")
        #expect(bench.problem("judge by=written command='sh -c true'")?.code == "unused-key")
        #expect(bench.problem("judge command=no-such-judge-anywhere")?.code == "no-program")
        #expect(bench.problem("judge of=first,a,b with=nano-llama")?.code == "bad-value")
        #expect(bench.problem("evaluate as=plain\njudge of=plain with=nano-llama")?.code == "no-answers")
        #expect(Bench().problem("judge with=nano-llama")?.code == "no-answers")
    }
}
