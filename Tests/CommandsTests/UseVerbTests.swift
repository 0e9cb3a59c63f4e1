import Diagnostics
import Display
import Foundation
import JSON
import TestScratch
import Testing
import Training

@testable import Commands

/// `use`, and what is known of the weights that are in use: over several runs, other data and what was not held.
@Suite struct UseVerbTests: RunBenches {
    let folder = freshRunsFolder()
    private let data = "set workers=2\nmodel nano\nload toy train=64 test=32 validation=32\nlora r=2"

    private func engine(_ bench: Bench) -> EngineState { bench.interpreter.session.state.engine }
    private func metric(_ name: String, _ bench: Bench) -> Double? {
        bench.interpreter.session.state.metrics[name]?.number
    }

    /// What was shown, on one line.
    private func shown(_ bench: Bench) -> String { bench.output.shown.replacing("\n", with: " ") }

    // MARK: - The best of earlier runs

    @Test func whatWasNotHeldIsStillToBeBeatenAndSaysSo() throws {
        let bench = Bench()
        bench.run("\(data)\ntrain epochs=2 lr=5e-3 keep=last_only")
        let best = try #require(engine(bench).run?.best)
        #expect(bench.problem("use best")?.message.contains("trained with keep=last_only") == true)
        bench.run("train epochs=2 lr=1")
        #expect(engine(bench).run?.best == best && engine(bench).run?.isBestEarlier == true)
        #expect(
            shown(bench).contains(
                "at step \(best.steps), is still the one to beat, but its weights were not held"))
        let problem = try #require(bench.problem("use best"))
        #expect(problem.code == "no-best" && problem.message.contains("of a run before run-2"), "\(problem)")
        // Patience has nothing to bring back.
        let value = bench.run("train epochs=9 lr=1 patience=1").statements.last?.value
        #expect(value?["ended"] == "patience" && value?["weights"] == "last")
    }

    @Test func lastOnlyHoldsNothingOfEarlierRunsEither() throws {
        let bench = Bench()
        bench.run("\(data)\ntrain epochs=2 lr=5e-3")
        let best = try #require(engine(bench).run?.best)
        bench.run("train epochs=1 lr=1 keep=last_only")
        #expect(engine(bench).run?.best == best && engine(bench).kept?.state.best?.weights == nil)
        #expect(bench.problem("use best")?.message.contains("run-2 was trained with keep=last_only") == true)
    }

    @Test func aRunThatIsNotJudgedLeavesTheBestAsItWas() throws {
        let bench = Bench()
        bench.run("\(data)\ntrain epochs=2 lr=5e-3")
        let best = try #require(engine(bench).run?.best)
        bench.run("load toy train=64 test=32 validation=0\ntrain epochs=1 lr=1")
        #expect(engine(bench).run?.steps.count == 24 && engine(bench).run?.best == best)
        #expect(bench.run("use best").statements.last?.value["step"] == .integer(best.steps))
        bench.run("load toy train=64 test=32 validation=32")
        #expect(bench.run("evaluate on=validation").statements.last?.value["loss"]?.number == best.value)
    }

    @Test(arguments: [
        ("lora r=2", "train epochs=1 by=accuracy", "the loss decided then, and now the accuracy does"),
        ("lora r=2", "unfreeze embeddings\ntrain epochs=1", "what is trained is not what was trained then"),
        (
            "lora r=2", "load toy train=64 test=32 validation=16\ntrain epochs=1",
            "it was judged by other texts"
        ),
    ])
    func aBestThatCannotBeComparedIsLetGoAloud(method: String, next: String, words: String) {
        let bench = Bench()
        bench.run("\(data)\n\(method)\ntrain epochs=1")
        #expect(bench.problem(next) == nil)
        #expect(shown(bench).contains("does not count any more: \(words)"), "\(shown(bench))")
        #expect((engine(bench).run?.best?.steps ?? 0) > 8)
    }

    /// Decay that spares some weights puts them in another order, and trains the same ones.
    @Test func theBestOutlivesAnotherOrderOfWhatIsTrained() throws {
        let bench = Bench()
        bench.run("\(data.replacing("lora r=2", with: "full"))\ntrain epochs=2 lr=2e-3 weight_decay=0.01")
        let best = try #require(engine(bench).run?.best)
        bench.run("train epochs=1 lr=1 clip=0")
        #expect(engine(bench).run?.best == best && !shown(bench).contains("does not count any more"))
        bench.run("use best")
        #expect(bench.run("evaluate on=validation").statements.last?.value["loss"]?.number == best.value)
    }

    /// The figure that decided is among those that are said.
    @Test func whatDecidedIsSaid() throws {
        let bench = Bench()
        bench.run("\(data)\ntrain epochs=2 lr=5e-3 by=f1")
        let best = try #require(engine(bench).run?.best)
        #expect(shown(bench).contains("the best by F1 of positive"))
        let said = try #require(bench.result("use best")?.plain.replacing("\n", with: " "))
        #expect(said.hasSuffix(", \(RunOutcomeWords.text(best))"), "\(said)")
    }

    /// A score over the texts that chose the weights is called what it is; one that only was watched is a test.
    @Test func aTestThatChoseIsNoTestWhereItIsScored() throws {
        let bench = Bench()
        let words = "these texts chose the weights in use"
        let bare = data.replacing("validation=32", with: "validation=0")
        bench.run("\(bare)\ntrain epochs=2 validate=test patience=2")
        #expect(bench.result("evaluate")?.plain.contains(words) == true)
        bench.run("lora r=2\ntrain epochs=2 validate=test")
        #expect(bench.result("evaluate")?.plain.contains(words) == false)
    }

    /// Nothing is called the best before anything was judged as it will be.
    @Test func beforeTheFirstSuchValidationNoneIsTheBest() throws {
        let bench = bench()
        bench.run("\(data)\ntrain epochs=2")
        stop(bench, "train epochs=2 by=accuracy", at: "18/32")
        #expect(engine(bench).run?.best == nil && engine(bench).run?.lines.isEmpty == false)
        #expect(bench.result("table epochs")?.plain.contains("best") == false)
        let problem = try #require(bench.problem("use best"))
        #expect(problem.message.contains("was not judged yet") && problem.hint?.contains("resume") == true)
        #expect(bench.problem("resume\nuse best") == nil)
    }

    @Test func severalRunsInOnePlotBeginAtNothing() throws {
        let bench = bench()
        bench.run("\(data)\ntrain epochs=2 lr=5e-3 as=one\ntrain epochs=2 lr=1 as=two")
        let run = try #require(engine(bench).run)
        #expect(run.isBestEarlier && (run.ownBestStep ?? 0) > 16)
        let rows = bench.run("plot loss of=one,two").statements.last?.value["rows"]?.array ?? []
        let ringed = rows.filter { $0["best"] == true }
        #expect(ringed.map { $0["run"] } == ["one", "two"])
        #expect(ringed.allSatisfy { ($0["step"]?.number ?? -1) >= 0 })
    }

    // MARK: - Other data

    @Test func weightsOfOtherClassesAreRefusedByName() throws {
        let scratch = try Scratch()
        let rows = (0..<24).map { "a message number \($0),\($0 % 2 == 0 ? "ham" : "spam")" }
        let file = try scratch.file("spam.csv", (["text,label"] + rows).joined(separator: "\n") + "\n")
        let bench = Bench()
        bench.run("\(data)\ntrain epochs=2\nload path=\(file)")
        for which in ["best", "last"] {
            let problem = try #require(bench.problem("use \(which)"))
            #expect(problem.code == "run-changed" && problem.span != nil)
            for word in ["run-1", "negative, positive", "ham, spam"] {
                #expect(problem.message.contains(word), "\(problem.message)")
            }
        }
        #expect(engine(bench).task == nil)
        #expect(bench.problem("load toy train=64 test=32 validation=32\nuse best\nevaluate") == nil)
    }

    // MARK: - Numbers

    @Test func theNotedNumbersAreThoseOfTheWeightsInUse() throws {
        let bench = Bench()
        bench.run(data)
        bench.run("train epochs=4 lr=0.5\nevaluate")
        #expect(metric("macro_f1", bench) != nil)
        let run = try #require(engine(bench).run)
        func accuracy(_ step: Int) -> Double? {
            run.lines.first { $0.steps == step }?.validation?.metrics.figures.first?.value
        }
        let best = try #require(run.best?.steps)
        #expect(best < 32)
        for (verb, step) in [("use best", best), ("use last", 32), ("use best", best)] {
            bench.run(verb)
            #expect(metric("validation_accuracy", bench) == accuracy(step), "\(verb)")
            #expect(metric("steps", bench) == Double(step))
            #expect((metric("loss", bench) != nil) == (step > 0))
            // Of what evaluate found of other weights nothing stays.
            #expect(metric("macro_f1", bench) == nil)
        }
    }

    /// As an expression of the weights in use, over all runs; in its value the run's own.
    @Test func stepsAreThoseOfTheWeightsInUse() throws {
        let bench = Bench()
        bench.run("\(data)\ntrain epochs=2 lr=5e-3")
        #expect(metric("steps", bench) == 16)
        let value = bench.run("train epochs=1 lr=1").statements.last?.value
        #expect(metric("steps", bench) == 24 && value?["steps"] == 8)
        let best = try #require(engine(bench).run?.best?.steps)
        bench.run("use best")
        #expect(metric("steps", bench) == Double(best))
    }

    @Test func endingsAreSaidInWords() {
        #expect(RunOutcomeWords.text(RunEnding.patience(3)) == "ended by patience")
        #expect(
            RunOutcomeWords.text(RunEnding.diverged(steps: 3))
                == "ended where losses or scores were no numbers")
        // Without a model there are no weights to speak of.
        #expect(RunOutcomeWords.asBefore(EngineState()) == nil)
    }

    @Test func aRunThatEndedEarlyIsNotWhole() throws {
        let bench = bench()
        bench.run(data)
        let value = try #require(
            bench.run("train epochs=30 lr=0.05 patience=2 as=mine").statements.last?.value)
        let steps = try #require(value["steps"]?.integer)
        #expect(
            bench.result("status")?.plain.contains("mine: \(steps) of 240 steps, ended by patience") == true)
        // One number, wherever it stands.
        let loss = try #require(value["loss"]?.number)
        #expect(bench.run("runs").statements.last?.value[0]?["loss"]?.number == loss)
        #expect(bench.output.shown.contains("loss \(NumberStyle.loss.text(loss))"))
        bench.run("use last")
        #expect(metric("loss", bench) == loss)
    }

    @Test func anEpochThatWasCutIsAShare() throws {
        let bench = Bench()
        bench.run(data)
        let panel = try #require(bench.panel("train steps=3"))
        #expect(
            panel.plain.split(separator: "\n").contains { $0.hasPrefix(" 0.38") || $0.contains(" 0.38 ") },
            "\(panel.plain)")
        #expect(bench.run("use last").statements.last?.value["epoch"] == 0.375)
        #expect(bench.result("use last")?.plain.contains("step 3, epoch 0.38") == true)
        #expect(bench.run("table epochs").statements.last?.value["epochs"]?[0]?["epoch"] == 0.375)
        #expect(
            RunOutcomeWords.text(epoch: 1.0 / 300) == "0.003" && RunOutcomeWords.text(epoch: 2.996) == "3")
    }

    // MARK: - Failing

    @Test func whatFailsSaysWhichWeightsAreInUse() throws {
        let bench = bench()
        let ruin = "train epochs=60 lr=10 weight_decay=10 clip=0"
        bench.run(data)
        let first = try #require(bench.problem(ruin))
        #expect(first.code == "loss-not-finite")
        #expect(first.message.hasSuffix("the weights in use are untrained, as before"), "\(first)")
        bench.run("train epochs=2 lr=5e-3 as=mine")
        let second = try #require(bench.problem(ruin + " as=mine"))
        #expect(
            second.message.hasSuffix("the weights in use are those of mine at step 16, as before"),
            "\(second)")
        #expect(
            shown(bench).contains("finished at step 16, which stays until this one has come to something"))
        #expect(try RunPlace(folder).run(named: "mine").entry.status == .finished)
        #expect(self.bench().problem("use mine") == nil)
    }

    // MARK: - Kept runs

    /// What it begins with nobody could make again.
    @Test(arguments: ["use best", "use last\nload toy train=56 test=32 validation=32"])
    func aRunOverTrainedWeightsGoesOnFromItsBeginning(between: String) throws {
        let (first, whole) = (bench(), bench())
        let begin = "\(data)\ntrain epochs=2 lr=0.05\n\(between)"
        first.run(begin)
        let (folder, files) = (folder, FileManager.default)
        let output = StoppingOutput(first.interruption) { bundle in
            guard bundle.plain.contains("step 0/") else { return false }
            // As a kill would leave it.
            try? files.copyItem(atPath: "\(folder)/next", toPath: "\(folder)/killed")
            return true
        }
        _ = first.interpreter.run(
            cell: "train epochs=2 as=next", output: output, interruption: first.interruption)
        let second = bench()
        #expect(second.problem("resume killed") == nil)
        whole.run("\(begin)\ntrain epochs=2")
        #expect(outcome(second) == outcome(whole) && !outcome(whole).isEmpty)
    }

    @Test func aFormerRunThatCannotBeReadIsNamed() throws {
        let bench = bench()
        bench.run("\(data)\ntrain steps=1 as=mine")
        try Data("{".utf8).write(to: URL(filePath: "\(folder)/mine/run.json"))
        #expect(bench.problem("lora r=2\ntrain steps=1 as=mine") == nil)
        #expect(shown(bench).contains("takes the place of an earlier mine, whose run.json cannot be read"))
        #expect(try RunPlace(folder).run(named: "mine").entry.step == 1)
    }
}
