import Diagnostics
import Display
import Foundation
import JSON
import TestScratch
import Testing
import Training

@testable import Commands

/// `train` judged on its way, and `use`: what was printed for the best is what the best gives.
@Suite struct JudgingVerbTests: RunBenches {
    let folder = freshRunsFolder()

    private let data = "set workers=2\nmodel nano\nload toy train=64 test=32 validation=32\nlora r=2"

    private func engine(_ bench: Bench) -> EngineState { bench.interpreter.session.state.engine }

    /// The bits of what is trained.
    private func weights(_ bench: Bench) -> [UInt32] {
        let engine = engine(bench)
        let all = (engine.method?.parameters ?? []) + (engine.task?.parameters ?? [])
        return all.flatMap { $0.dense().floats.map(\.bitPattern) }
    }

    /// The lines of the last run's table, as data.
    private func rows(_ bench: Bench) -> [JSON]? {
        engine(bench).run.map { TrainingReport(run: $0, showsTimes: false).rows }
    }

    private func same(_ one: JSON?, _ other: JSON?) -> Bool {
        ["loss", "accuracy", "macro_f1", "n", "matrix", "matthews"].allSatisfy { one?[$0] == other?[$0] }
    }

    // MARK: - The best and the last

    /// Rates that make it worse after a while, so that the best is not the last.
    @Test(arguments: [
        ("lora r=2", "train epochs=5 lr=0.05"), ("full", "train epochs=4 lr=0.02 validate_every=3"),
        ("head", "train epochs=4 lr=0.5 by=accuracy validate_every=25%"),
        ("last", "train epochs=4 lr=0.05 by=macro_f1 clip=0"),
        ("prompt_tuning tokens=4", "train epochs=4 lr=2"),
        ("lora r=2 dora=yes", "train epochs=5 lr=0.1"),
    ])
    func useBestGivesTheScoreThatWasPrintedForIt(method: String, train: String) throws {
        let bench = Bench()
        bench.run("\(data)\n\(method)")
        let value = try #require(bench.run(train).statements.last?.value)
        let last = weights(bench)
        let best = try #require(value["best"])
        let lines = try #require(rows(bench))
        let printed = try #require(lines.first { $0["steps"] == best["step"] })
        #expect(printed["best"] == true && value["weights"] == "last")
        #expect(lines.count { $0["best"] == true } == 1)
        let used = bench.run("use best").statements.last
        #expect(used?.diagnostic == nil && used?.value["step"] == best["step"])
        #expect(same(bench.run("evaluate on=validation").statements.last?.value, printed["validation"]))
        #expect(bench.result("status")?.plain.contains("the best: ") == true)
        // As often as one likes.
        #expect(bench.problem("use last") == nil)
        #expect(weights(bench) == last)
        #expect(
            same(
                bench.run("evaluate on=validation").statements.last?.value, lines.last?["validation"]))
        #expect(bench.problem("use best\nuse best\nuse last") == nil && weights(bench) == last)
    }

    @Test func withPatienceItEndsEarlyAndTheBestComesBack() throws {
        let bench = Bench()
        bench.run(data)
        let outcome = bench.run("train epochs=30 lr=0.05 patience=2")
        let value = try #require(outcome.statements.last?.value)
        #expect(value["ended"] == "patience" && value["weights"] == "best")
        let steps = try #require(value["steps"]?.integer)
        #expect(steps < 240 && steps == (value["best"]?["step"]?.integer ?? 0) + 16)
        let panel = try #require(bench.panel("status").map { _ in bench.output.shown })
        for words in ["Ended early", "2 validations in a row without a better loss", "use last brings back"] {
            #expect(panel.replacing("\n", with: " ").contains(words), "\(words)")
        }
        let lines = try #require(rows(bench))
        let printed = try #require(lines.first { $0["best"] == true })
        #expect(same(bench.run("evaluate on=validation").statements.last?.value, printed["validation"]))
        // A further run begins afresh from the best weights, and says so.
        #expect(bench.problem("train epochs=1") == nil)
        #expect(
            bench.output.shown.replacing("\n", with: " ").contains("goes on from the best weights of run-1"))
        #expect(engine(bench).run?.steps.count == 8)
    }

    @Test func keepDecidesWhatStays() throws {
        func ends(_ words: String) throws -> (value: JSON, weights: [UInt32], problem: String?) {
            let bench = Bench()
            bench.run(data)
            let value = try #require(
                bench.run("train steps=16 lr=0.05 schedule=constant \(words)").statements.last?.value)
            return (value, weights(bench), bench.problem("use best")?.code)
        }
        let (last, best) = (try ends(""), try ends("keep=best"))
        #expect(last.value["weights"] == "last" && best.value["weights"] == "best")
        #expect(last.weights != best.weights && last.problem == nil && best.problem == nil)
        #expect(try ends("load_best_model_at_end=True").weights == best.weights)
        #expect(try ends("load_best_model_at_end=False").weights == last.weights)
        let only = try ends("keep=last_only")
        #expect(only.weights == last.weights && only.problem == "no-best")
    }

    @Test func aFurtherRunHasTheEarlierOnesBestToBeat() throws {
        let bench = Bench()
        bench.run("\(data)\ntrain epochs=2 lr=5e-3")
        let best = try #require(engine(bench).run?.best)
        bench.run("train epochs=2 lr=1")
        #expect(engine(bench).run?.best == best && engine(bench).run?.steps.count == 32)
        #expect(bench.run("use best").statements.last?.value["step"] == .integer(best.steps))
        // Other texts' scores cannot be compared with these.
        bench.run("use last\nload toy train=64 test=32 validation=16\ntrain epochs=1 lr=1")
        #expect((engine(bench).run?.best?.steps ?? 0) > 32)
    }

    @Test func whatDivergesLeavesTheBest() throws {
        let bench = Bench()
        bench.run(data)
        bench.run("train epochs=2 lr=5e-3")
        let before = weights(bench)
        // From weights that were trained the best of this run is worse than the earlier one's: all is taken back.
        #expect(bench.problem("train epochs=60 lr=10 weight_decay=10 clip=0")?.code == "loss-not-finite")
        #expect(weights(bench) == before && engine(bench).run?.steps.count == 16)
        // A schedule that rises into ruin: the best came before.
        bench.run("lora r=2")
        let rising = "train epochs=60 lr=10 warmup=100% clip=0 weight_decay=10 validate_every=4"
        let problem = try #require(bench.problem(rising))
        #expect(problem.code == "loss-not-finite" || problem.code == "not-finite")
        #expect(problem.message.contains("the weights of the best validation are in use"), "\(problem)")
        let run = try #require(engine(bench).run)
        #expect(run.usesBest && run.ending?.name == "diverged" && run.steps.count < 480)
        let result = bench.run("evaluate on=validation").statements.last?.value
        #expect(result?["loss"]?.number == run.best?.value)
        #expect(bench.problem("train steps=1") == nil)
    }

    // MARK: - Elsewhere

    @Test(arguments: [
        ("lr=2e-3 patience=6", "3/24"), ("lr=2e-3 patience=6", "9/24"), ("lr=0.02 patience=3", "3/24"),
        ("lr=5e-3 keep=best by=accuracy", "17/24"), ("lr=5e-3", "20/24"),
    ])
    func aResumedRunStillHasItsBest(words: String, at text: String) throws {
        let cell = "\(data)\ntrain epochs=3 validate_every=2 as=mine \(words)"
        let (whole, first, second) = (Bench(), bench(), bench())
        whole.run(cell)
        stop(first, cell, at: text)
        #expect(second.problem("resume mine") == nil)
        #expect(weights(second) == weights(whole))
        let (one, other) = (engine(second).run, engine(whole).run)
        #expect(one?.best == other?.best && one?.ending == other?.ending && one?.usesBest == other?.usesBest)
        #expect(one?.lines.map(\.steps) == other?.lines.map(\.steps))
        // Of a finished run a third session has the weights that stayed, and the others too.
        let third = bench()
        #expect(third.problem("use mine") == nil)
        #expect(weights(third) == weights(whole))
        #expect(second.problem("use best") == nil && whole.problem("use best") == nil)
        #expect(third.problem("use best") == nil)
        #expect(weights(second) == weights(whole) && weights(third) == weights(whole))
        #expect(third.problem("use last") == nil && whole.problem("use last") == nil)
        #expect(weights(third) == weights(whole))
        #expect(third.problem("use mine") == nil)
    }

    @Test func aRunThatIsNotFinishedIsForResume() {
        let (first, second) = (bench(), bench())
        stop(first, "\(data)\ntrain epochs=3 as=mine", at: "9/24")
        #expect(first.problem("use best\nevaluate\nuse last\nresume") == nil)
        stop(first, "lora r=2\ntrain epochs=3 as=mine", at: "9/24")
        #expect(second.problem("use mine")?.code == "not-finished")
        #expect(second.problem("use nosuch")?.code == "no-run")
        #expect(Bench().problem("use nosuch")?.code == "no-run")
    }

    @Test func itEndsAfterSoManyMinutes() throws {
        // A clock that goes on by a second with each look.
        let bench = bench()
        bench.run(data)
        let value = try #require(bench.run("train epochs=20 minutes=0.5").statements.last?.value)
        #expect(value["ended"] == "minutes" && (value["steps"]?.integer ?? 0) < 60)
        #expect(bench.output.shown.contains("0.5 minutes have passed"))
        let rates = try #require(engine(bench).run?.steps.map(\.lr))
        // The schedule is that of all steps: it had not come far.
        #expect((rates.last ?? 0) > 0.5 * (rates.first ?? 0))
    }
}
