import Diagnostics
import Display
import Foundation
import Testing
import Training

@testable import Commands

/// `compare`, `evaluate of=` and `baseline`: what is judged on the same texts, beside each other.
@Suite struct CompareVerbTests: RunBenches {
    let folder = freshRunsFolder()

    private func prepared() -> Bench {
        let bench = bench()
        bench.run("set times=off\nmodel nano\nload toy train=200 test=100")
        return bench
    }

    @Test func evaluationsAreKeptUnderTheNamesOfTheirWeights() throws {
        let bench = prepared()
        bench.run("evaluate\nfull\ntrain epochs=1\nevaluate\nevaluate as=mine\nevaluate on=train")
        let all = bench.interpreter.session.state.engine.evaluations
        #expect(all.map(\.name) == ["base", "run-1", "mine", "run-1"])
        let value = try #require(bench.run("compare base 1").statements.last?.value)
        #expect(value["first"] == "base" && value["second"] == "run-1" && value["split"] == "test")
        let accuracy = value["figures"]?["accuracy"]
        #expect(accuracy?["first"]?["value"]?.number == all[0].result.matrix.accuracy)
        #expect(accuracy?["second"]?["value"]?.number == all[1].result.matrix.accuracy)
        let alike = bench.run("compare run-1 mine").statements.last?.value
        #expect(alike?["figures"]?["loss"]?["difference"]?["value"]?.number == 0)
        #expect(alike?["mcnemar"]?["p_exact"]?.number == 1)
    }

    @Test func othersAreJudgedWithoutTakingTheSessionsPlace() throws {
        let bench = prepared()
        bench.run("full\ntrain epochs=1 as=r1\nlora r=2\ntrain steps=3 as=r2")
        let before = bench.fingerprint.weights
        let value = try #require(bench.run("evaluate of=base,r1,r2").statements.last?.value.array)
        #expect(bench.fingerprint.weights == before)
        #expect(value.map { $0["second"] } == ["r1", "r2"])
        let accuracies = ["r1", "r2"].map { name -> Double? in
            let engine = bench.interpreter.session.state.engine
            return engine.evaluations.last { $0.name == name }?.result.matrix.accuracy
        }
        #expect(bench.run("evaluate").statements.last?.value["accuracy"]?.number == accuracies[1])
        bench.run("use r1\nevaluate as=again")
        let again = bench.interpreter.session.state.engine.evaluations.last?.result.matrix.accuracy
        #expect(again == accuracies[0])
    }

    @Test func baseIsTheUntunedModel() throws {
        let bench = prepared()
        let untuned = bench.run("evaluate").statements.last?.value["loss"]
        bench.run("full\ntrain epochs=1")
        #expect(bench.run("evaluate of=base").statements.last?.value["loss"] == untuned)
        #expect(bench.run("evaluate").statements.last?.value["loss"] != untuned)
        #expect(bench.problem("evaluate as=base")?.code == "bad-name")
    }

    @Test func otherTextsAndUnknownNamesAreRefused() throws {
        let bench = prepared()
        bench.run("evaluate as=first\nload toy train=100 test=50 seed=4\nevaluate as=second")
        #expect(bench.problem("compare first second")?.code == "other-texts")
        #expect(bench.problem("compare first secand")?.hint == "did you mean second?")
        #expect(bench.problem("compare first")?.code == "missing-value")
        #expect(bench.problem("compare first first")?.code == "missing-value")
        #expect(bench.problem("evaluate of=nosuch")?.code == "no-run")
        #expect(bench.problem("evaluate of=base,base")?.code == "bad-value")
        #expect(bench.problem("evaluate of=base as=x")?.code == "two-values")
    }

    @Test func runsOfOtherClassesAreRefused() throws {
        let bench = prepared()
        bench.run("full\ntrain steps=2 as=r1\nlora\ntrain steps=2 as=r2")
        let path = NSTemporaryDirectory() + "lorikeet-classes-\(UInt64.random(in: 0 ... .max)).csv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let rows = (0..<60).map { "text number \($0),\(["red", "green", "blue"][$0 % 3])" }
        try ("text,label\n" + rows.joined(separator: "\n")).write(
            toFile: path, atomically: true, encoding: .utf8)
        bench.run("load path=\(path)")
        #expect(bench.problem("evaluate of=r1")?.code == "other-classes")
    }

    @Test func aBaselineStandsInTheSameTable() throws {
        let bench = prepared()
        let alone = try #require(bench.run("baseline").statements.last?.value)
        #expect(alone["model"] == nil && alone["trained_on"] == 200)
        #expect((alone["tfidf"]?["accuracy"]?.number ?? 0) > 0.9)
        bench.run("full\ntrain epochs=1\nevaluate")
        let beside = try #require(bench.run("baseline ngrams=2 min_df=2 c=10").statements.last?.value)
        #expect(beside["model"]?["accuracy"] == bench.interpreter.session.state.metrics["accuracy"])
        #expect(beside["terms"] != alone["terms"])
        #expect(bench.run("compare baseline run-1").statements.last?.value["n"] == 100)
        // Of another part the evaluation is none beside it.
        #expect(bench.run("baseline on=train").statements.last?.value["model"] == nil)
    }

    @Test func aBaselineNeedsNoModel() throws {
        let bench = bench()
        bench.run("load toy train=100 test=50")
        #expect(bench.run("baseline").statements.last?.value["tfidf"]?["n"] == 50)
        #expect(bench.interpreter.session.state.engine.model == nil)
        #expect(bench.problem("baseline min_df=400")?.code == "no-terms")
        #expect(bench.problem("baseline on=nowhere") != nil)
    }

    @Test func calibrationIsPlotted() throws {
        let bench = prepared()
        #expect(bench.problem("plot calibration")?.code == "no-evaluation")
        bench.run("full\ntrain epochs=1\nevaluate")
        let value = try #require(bench.run("plot calibration").statements.last?.value)
        #expect(value["kind"] == "reliability")
        #expect(value["rows"]?.array?.compactMap { $0["texts"]?.integer }.reduce(0, +) == 100)
    }
}
