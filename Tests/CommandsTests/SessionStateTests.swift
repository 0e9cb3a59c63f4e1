import Datasets
import Language
import Testing

@testable import Commands

/// Of two statements beside each other, what each has changed is kept.
@Suite struct SessionStateTests {
    /// Two copies of one moment, changed apart and taken over one after the other.
    private func merged(
        from base: SessionState = SessionState(), _ one: (inout SessionState) -> Void,
        _ other: (inout SessionState) -> Void
    ) -> SessionState {
        let session = Session()
        session.state = base
        var (first, second) = (base, base)
        one(&first)
        other(&second)
        session.adopt(first, since: base)
        session.adopt(second, since: base)
        return session.state
    }

    @Test func differentVariablesStay() {
        let state = merged({ $0.variables["x"] = .word("1") }, { $0.variables["y"] = .word("2") })
        #expect(state.variables["x"] == .word("1") && state.variables["y"] == .word("2"))
        #expect(state.variables.names == ["x", "y"])
    }

    @Test func theSameVariableIsTheLastOnes() {
        #expect(
            merged({ $0.variables["x"] = .word("1") }, { $0.variables["x"] = .word("2") }).variables["x"]
                == .word("2"))
    }

    @Test func whatOneForgetsTheOtherDoesNotBringBack() {
        var base = SessionState()
        base.variables["x"] = .word("1")
        base.suggestedRate = 1
        let state = merged(
            from: base, { $0 = SessionState() },
            {
                $0.variables["y"] = .word("2")
                $0.settings.seed = 3
            })
        #expect(state.variables.names == ["y"])
        #expect(state.metrics == [:] && state.suggestedRate == nil)
    }

    @Test func theRateThatWasFoundStays() {
        let state = merged({ $0.suggestedRate = 0.5 }, { $0.variables["x"] = .word("1") })
        #expect(state.metrics == ["suggested_lr": 0.5])
    }

    /// With the weights go their numbers.
    @Test(arguments: ["lora", "full", "model nano"])
    func otherWeightsHaveNoNumbersYet(line: String) {
        let bench = Bench()
        bench.run("model nano\nload toy train=16 test=8\nlora\ntrain steps=1 max_length=32")
        let trained = bench.interpreter.session.state.metrics
        bench.run("evaluate")
        #expect(bench.interpreter.session.state.metrics["accuracy"] != nil)
        // Of other data nothing was found yet, and the run's numbers hold.
        bench.run("load toy train=16 test=8")
        #expect(bench.interpreter.session.state.metrics == trained && trained["loss"] != nil)
        bench.run("evaluate\n\(line)")
        #expect(bench.interpreter.session.state.metrics == [:])
    }

    @Test func eachSettingIsAChangeOfItsOwn() {
        let state = merged(
            {
                $0.settings.seed = 7
                $0.settings.showsTimes = false
            },
            {
                $0.settings.workers = 2
                $0.settings.memoryLimit = 5
                $0.settings.runs = "here"
            })
        let all = Settings(showsTimes: false, workers: 2, seed: 7, memoryLimit: 5, runs: "here")
        #expect(state.settings == all)
        // One more setting needs a line in `adopt`, and a value above.
        #expect(Mirror(reflecting: all).children.count == 5)
    }

    @Test func eachPartOfTheEngineIsAChangeOfItsOwn() {
        let bench = Bench()
        bench.run("model nano\nload toy train=16 test=8\nlora\ntrain steps=1 max_length=32\nevaluate")
        let full = bench.interpreter.session.state.engine
        let state = merged(
            {
                $0.engine.data = full.data
                $0.engine.maxLength = full.maxLength
                $0.engine.isHeadTrained = full.isHeadTrained
                $0.engine.evaluation = full.evaluation
                $0.engine.evaluations = full.evaluations
                $0.engine.evaluatedData = full.evaluatedData
                $0.engine.dialogue = [Turn(.user, "hello")]
            },
            {
                $0.engine.model = full.model
                $0.engine.isModelByDefault = true
                $0.engine.method = full.method
                $0.engine.task = full.task
                $0.engine.run = full.run
                $0.engine.kept = full.kept
                $0.engine.runCount = full.runCount
                $0.engine.seen = full.seen
            })
        let parts = Mirror(reflecting: state.engine).children.map { "\($0.label ?? "")" }
        #expect(parts.count == 15, "a new part needs a line in adopt, and one above")
        #expect(parts.allSatisfy { $0.hasPrefix("_") }, "a new part is @Tracked")
        #expect(state.engine.model === full.model && state.engine.task === full.task)
        #expect(state.engine.dialogue == [Turn(.user, "hello")])
        #expect(state.engine.maxLength == 32 && state.engine.isHeadTrained && state.engine.isModelByDefault)
        #expect(state.engine.method?.summary == full.method?.summary && state.engine.method != nil)
        #expect(state.engine.data?.dataset.train == full.data?.dataset.train)
        #expect(state.engine.evaluation == full.evaluation && state.engine.evaluation != nil)
        #expect(state.engine.run?.steps.count == 1)
        #expect(state.engine.kept?.name == "run-1" && state.engine.runCount == 1)
        #expect(state.engine.seen == full.seen && state.engine.seen.count == 8)
    }

    /// The same value set again is a change as well: it takes back what another one set meanwhile.
    @Test func whatIsSetToNothingStaysNothing() {
        let bench = Bench()
        bench.run("model nano\nload toy train=16 test=8\nevaluate")
        let state = merged(
            from: bench.interpreter.session.state, { $0.engine.evaluation = nil }, { $0.settings.seed = 3 })
        #expect(state.engine.evaluation == nil && state.engine.model != nil)
    }
}
