import Diagnostics
import Testing

@testable import Commands

/// Where no model was named the default one is taken, and that is said.
@Suite struct DefaultModelTests {
    private func shown(_ bench: Bench) -> [String] {
        bench.output.events.compactMap { event in
            if case .display(let bundle, id: nil) = event { bundle.plain } else { nil }
        }
    }

    @Test(
        arguments: [
            "load toy train=32 test=16\nlora r=8 alpha=16\ntrain steps=2",
            "lora r=8 alpha=16\nload toy train=32 test=16\ntrain steps=2",
            "load toy train=32 test=16\ntrain steps=2", "load toy train=32 test=16\nevaluate",
            "load toy train=32 test=16\nconfusion", "load toy train=32 test=16\npredict 'a good day'",
            "full\nparams",
        ])
    func theLinesRunInAFreshKernel(_ cell: String) {
        let bench = Bench()
        #expect(bench.problem(cell) == nil)
        #expect(bench.interpreter.session.state.engine.model?.name == "nano")
        #expect(shown(bench).count { $0.contains("none was named: this is nano") } == 1)
    }

    @Test func theDefaultIsMiniLM() { #expect(Surroundings.real.defaultModel == "minilm") }

    @Test func aMethodThatWasChosenBeforeTheModelStays() {
        let bench = Bench()
        #expect(bench.problem("lora r=3 seed=5\nmodel nano-llama\nload toy train=32 test=16") == nil)
        let method = bench.interpreter.session.state.engine.method
        #expect(method?.summary.contains("r=3") == true && method?.seed == 5)
        #expect(bench.problem("train steps=1") == nil)
        #expect(bench.interpreter.session.state.engine.run?.method.contains("r=3") == true)
        // A model that was asked for is left with all that was done to it.
        bench.run("model nano\nlora r=3\nmodel nano-llama")
        #expect(bench.interpreter.session.state.engine.method == nil)
    }

    @Test func whatOnlyLooksLoadsNothing() { #expect(Bench().problem("params")?.code == "no-model") }
}
