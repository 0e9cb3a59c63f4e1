import Compute
import Diagnostics
import Display
import Foundation
import JSON
import Synchronization
import Testing
import Training

@testable import Commands

/// `resume` and `runs`: an interrupted run is finished as if nothing had happened, here and elsewhere.
@Suite struct ResumeVerbTests: RunBenches {
    let folder = freshRunsFolder()

    private func whole() -> [UInt64] {
        let bench = bench()
        bench.run("\(setup)\n\(train)")
        return outcome(bench)
    }

    /// What stands for a run's loss where one number does is one number.
    @Test func theLossOfRunsIsThatOfThePanelAndTheValue() throws {
        let bench = bench()
        let value = try #require(bench.run("\(setup)\n\(train) as=one").statements.last?.value)
        let loss = try #require(value["loss"]?.number)
        let panel = try #require(
            bench.output.events.reversed().lazy.compactMap { event -> String? in
                if case .update(let bundle, _) = event { bundle.plain } else { nil }
            }.first)
        #expect(panel.hasPrefix("Done ") && panel.contains("loss \(NumberStyle.loss.text(loss))"), "\(panel)")
        let runs = try #require(bench.result("runs"))
        #expect(bench.run("runs").statements.last?.value[0]?["loss"]?.number == loss)
        #expect(runs.plain.contains("loss: smoothed, as in the panel of train"))
        #expect(bench.interpreter.session.state.metrics["loss"]?.number == loss)
        // Over the same weights it goes on, as the curve does.
        let next = try #require(bench.run("train steps=1 as=two").statements.last?.value)
        #expect(
            bench.run("runs").statements.last?.value.array?.contains { $0["loss"] == next["loss"] } == true)
    }

    @Test(arguments: ["1/18", "6/18", "7/18", "17/18"])
    func aRunIsFinishedInTheSameSession(at text: String) {
        let bench = bench()
        stop(bench, "\(setup)\n\(train)", at: text)
        #expect(bench.problem("resume") == nil)
        #expect(outcome(bench) == whole())
        #expect(bench.problem("resume")?.code == "no-run")
        #expect(bench.problem("resume 1")?.code == "finished")
        #expect(RunPlace(folder).names == [])
    }

    @Test func aFormerRunStaysUntilTheNewOneOfItsNameHasComeToSomething() throws {
        let bench = bench()
        bench.run("\(setup)\ntrain epochs=1 batch=8 as=mine")
        stop(bench, "lora r=2\n\(train) as=mine", at: "0/18")
        let found = try RunPlace(folder).run(named: "mine")
        #expect(found.entry.status == .finished && found.entry.step == 6)
        // A further run over the same weights writes where it begins, and what it came from is there again.
        bench.run("lora r=2\ntrain steps=1")
        stop(bench, "\(train) as=mine", at: "1/19")
        #expect(try RunPlace(folder).run(named: "mine").entry.step == 6)
        let diverging =
            "train epochs=200 batch=8 lr=10 clip=0 optimizer=sgd momentum=0.999 save_steps=1 as=mine"
        #expect(bench.problem(diverging)?.code == "loss-not-finite")
        #expect(try RunPlace(folder).run(named: "mine").entry.step == 6)
        #expect(self.bench().problem("resume mine") == nil)
        stop(bench, "lora r=2\n\(train) as=mine", at: "2/18")
        #expect(try RunPlace(folder).run(named: "mine").entry.step == 2)
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/mine/former"))
    }

    @Test(arguments: ["1/18", "6/18", "13/18"])
    func aRunIsFinishedInAnotherProcess(at text: String) throws {
        let first = bench()
        stop(first, "\(setup)\n\(train) as=mine", at: text)
        let second = bench()
        #expect(second.problem("resume mine") == nil)
        #expect(outcome(second) == whole())
        #expect(second.run("evaluate").statements.last?.status == .ok)
        #expect(
            second.interpreter.session.state.engine.seen.count
                == first.interpreter.session.state.engine.seen.count
                || text != "13/18")
        // Of one that is finished the weights are back.
        let third = bench()
        #expect(third.problem("resume mine") == nil)
        #expect(outcome(third) == whole())
        #expect(third.run("evaluate").statements.last?.status == .ok)
        #expect(try RunPlace(folder).run(named: "mine").entry.status == .finished)
    }

    /// What begins with a text is begun with it again, and what has layers of its own goes on with them.
    @Test(arguments: [
        "prompt_tuning text='is it good?'", "prefix_tuning text='is it good?'",
        "prefix_tuning tokens=4 projection=yes",
    ]) func aSoftPromptGoesOnInAnotherProcess(method: String) {
        let cell = "model nano\nload toy train=48 test=16\n\(method)\n\(train)"
        let (first, one) = (bench(), bench())
        stop(first, "\(cell) as=mine", at: "7/18")
        one.run(cell)
        let second = bench()
        #expect(second.problem("resume mine") == nil)
        #expect(outcome(second) == outcome(one) && !outcome(one).isEmpty)
    }

    /// It has its settings: those that need less are a new train's.
    @Test func whatDoesNotFitAnyMoreLeadsOn() throws {
        let long = setup.replacing("train=48", with: "train=480")
        stop(bench(), "\(long)\ntrain epochs=3 batch=240 as=mine", at: "2/6")
        let problem = try #require(bench().problem("set memory=5MB\nresume mine"))
        #expect(problem.code == "no-memory", "\(problem)")
        #expect(problem.hint?.hasPrefix("a run keeps its settings, and a new train") == true, "\(problem)")
    }

    @Test func aRunWithoutANameLeavesNothingOnceItIsDone() throws {
        let one = bench()
        stop(one, "\(setup)\n\(train)", at: "5/18")
        #expect(RunPlace(folder).names == ["run-1"])
        #expect(bench().run("runs").statements.last?.value[0]?["status"] == "interrupted")
        let other = bench()
        #expect(other.problem("resume 1") == nil)
        #expect(RunPlace(folder).names == [])
        #expect(outcome(other) == whole())
    }

    @Test func whatCannotBeReadIsShownAndGoesWhenAsked() throws {
        for name in ["one", "two"] {
            stop(bench(), "\(setup)\n\(train) as=\(name)", at: "5/18")
        }
        try Data("{".utf8).write(to: URL(filePath: "\(folder)/one/run.json"))
        let bench = bench()
        let rows = bench.run("runs").statements.last?.value
        #expect(rows?[0]?["status"] == "interrupted" && rows?[1]?["status"] == "unreadable")
        let problem = bench.problem("resume one")
        #expect(problem?.code == "bad-state" && problem?.hint == "runs delete one removes it")
        // All or none.
        #expect(bench.problem("runs delete one three")?.code == "no-run")
        #expect(RunPlace(folder).names == ["one", "two"])
        #expect(bench.problem("runs delete one one two") == nil)
        #expect(RunPlace(folder).names == [])
    }

    @Test func whatIsDamagedOrAtWorkSaysWhatToDo() throws {
        bench().run("\(setup)\ntrain epochs=1 as=mine")
        let path = "\(folder)/mine/run.json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacing("\"epochs\" : 1,", with: "\"epochs\" : -1,")
            .write(toFile: path, atomically: true, encoding: .utf8)
        let bench = bench()
        for verb in ["use", "resume"] {
            let problem = bench.problem("\(verb) mine")
            #expect(
                problem?.message
                    == "the settings of the run mine are damaged: epochs is -1, expected a number above 0",
                "\(problem?.description ?? "it went through")")
            #expect(problem?.hint == "runs delete mine removes it")
        }
        #expect(bench.problem("runs delete mine") == nil)
        stop(self.bench(), "\(setup)\n\(train) as=mine", at: "5/18")
        #expect(bench.problem("use mine")?.hint == "resume mine finishes it")
        // What another process writes cannot be resumed either.
        let held = try RunFolder("\(folder)/mine", identity: "another", kept: 1)
        try withExtendedLifetime(held) {
            let problem = try #require(bench.problem("use mine"))
            #expect(problem.code == "busy" && problem.hint?.hasPrefix("wait until it has ended") == true)
        }
    }

    @Test func aFurtherTrainIsAFurtherRun() {
        let bench = bench()
        bench.run("\(setup)\ntrain epochs=1 batch=8\ntrain epochs=2 batch=8")
        let run = bench.interpreter.session.state.engine.run
        #expect(run?.steps.map(\.step) == Array(1...18))
        #expect(run?.epochs.map(\.epoch) == [1, 2, 3])
        #expect(run?.ownSteps.count == 12)
        #expect(bench.interpreter.session.state.engine.kept?.state.trainer.optimizer.stepCount == 18)
        #expect(bench.interpreter.session.state.engine.kept?.name == "run-2")
    }

    /// With a constant rate, two runs are one: the same order, the same dropout, the same moments.
    @Test func twoRunsInARowAreOneLongRun() {
        let (one, two) = (bench(), bench())
        one.run("\(setup)\ntrain epochs=3 batch=8 lr=1e-3 schedule=constant")
        two.run(
            "\(setup)\ntrain epochs=1 batch=8 lr=1e-3 schedule=constant\ntrain epochs=2 batch=8 lr=1e-3 schedule=constant"
        )
        #expect(outcome(one) == outcome(two))
    }

    /// Also where the session had a seed of its own, with which the next run begins.
    @Test func whatFollowsInAnotherProcessIsWhatWouldHaveFollowed() {
        let next = "train epochs=1 batch=8"
        let (one, two, three) = (bench(), bench(), bench())
        one.run("set seed=7\n\(setup)\n\(train) as=mine\n\(next)")
        two.run("set seed=7")
        stop(two, "\(setup)\n\(train) as=mine", at: "7/18")
        three.run("resume mine\n\(next)")
        #expect(outcome(three) == outcome(one))
    }

    @Test func anotherOptimizerOrOtherDataBeginAfreshAndSaySo() {
        let bench = bench()
        bench.run("\(setup)\ntrain epochs=1 batch=8\ntrain epochs=1 batch=8 optimizer=sgd")
        #expect(bench.interpreter.session.state.engine.kept?.state.trainer.optimizer.stepCount == 6)
        #expect(bench.interpreter.session.state.engine.run?.steps.count == 12)
        bench.run("load toy train=40 test=16\ntrain epochs=1 batch=8")
        #expect(bench.interpreter.session.state.engine.run?.steps.count == 5)
        let said = bench.output.events.compactMap { event -> String? in
            if case .display(let bundle, id: nil) = event { bundle.plain } else { nil }
        }.joined()
        #expect(said.contains("the optimizer is another"))
        #expect(said.contains("the examples are others"))
    }

    @Test func whatHasChangedIsRefusedByName() throws {
        let first = bench()
        stop(first, "\(setup)\n\(train) as=mine", at: "5/18")
        let path = "\(folder)/mine/run.json"
        func change(_ from: String, _ to: String) throws {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.contains(from), "\(text)")
            try text.replacing(from, with: to).write(toFile: path, atomically: true, encoding: .utf8)
        }
        try change(Processor.kind, "avx9 Tomorrow")
        #expect(bench().problem("resume mine")?.code == "other-processor")
        #expect(bench().problem("resume mine anyway=yes")?.code == "bad-state")
        try change("avx9 Tomorrow", Processor.kind)
        try change("\"seed\" : 42,\n      \"takesHead\"", "\"seed\" : 43,\n      \"takesHead\"")
        let problem = bench().problem("resume mine")
        #expect(problem?.code == "run-changed" && problem?.message.contains("configuration of nano") == true)
        #expect(bench().problem("resume other")?.code == "no-run")
        #expect(bench().problem("resume ../mine")?.code == "no-run")
    }

    @Test func runsAreListedAndDeleted() {
        let bench = bench()
        #expect(bench.run("runs").statements.last?.value == .array([]))
        bench.run(
            "\(setup)\ntrain steps=2 as=one\nlora\ntrain steps=2 as=two save_steps=1 save_total_limit=2")
        let listed = bench.run("runs").statements.last?.value
        #expect(listed?.array?.count == 2)
        #expect(bench.problem("runs delete one three")?.code == "no-run")
        #expect(RunPlace(folder).names == ["one", "two"])
        #expect(bench.problem("runs delete one two") == nil)
        #expect(RunPlace(folder).names == [])
        #expect(bench.problem("runs delete")?.code == "missing-value")
        #expect(bench.problem("train steps=1 as=best")?.code == "bad-name")
        #expect(bench.problem("train steps=1 save_every=1 save_steps=1")?.code == "two-values")
    }

    @Test func aPlaceThatCannotBeWrittenIsSaidAndTheRunGoesOn() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let bench = bench()
        bench.run("set runs=\(folder)/file")
        try Data().write(to: URL(filePath: "\(folder)/file"))
        #expect(bench.problem("set runs=\(folder)/file/runs")?.code == "cannot-write")
        bench.run("\(setup)\ntrain steps=4 as=r save_steps=1")
        #expect(bench.interpreter.session.state.engine.run?.steps.count == 4)
        #expect(bench.output.text.components(separatedBy: "in memory alone").count == 2)
    }
}
