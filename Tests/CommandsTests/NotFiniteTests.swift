import Compute
import Diagnostics
import Learning
import Testing

@testable import Commands

/// Weights, or scores, that are no numbers: what is said leads on.
@Suite struct NotFiniteTests {
    /// As a training leaves it that diverged at its last step.
    private func broken() throws -> Bench {
        let bench = Bench()
        bench.run("set workers=2\nmodel nano\nload toy train=32 test=16 validation=0\nfull\ntrain steps=1")
        let head = try #require(bench.interpreter.session.state.engine.task?.parameters.first)
        head.replace(with: Buffer([Float](repeating: .nan, count: head.count)))
        return bench
    }

    @Test func theMethodBeginsAnew() throws {
        let bench = try broken()
        for line in ["evaluate", "predict good", "train lr=1e-3 steps=1"] {
            let problem = try #require(bench.problem(line), "\(line)")
            #expect(problem.code == "not-finite", "\(line): \(problem)")
            #expect(problem.hint?.contains("write lora, or the method that was trained") == true, "\(line)")
        }
        #expect(bench.problem("full\ntrain lr=1e-3 steps=1\nevaluate") == nil)
    }

    /// No rate is named that is not there, and no limit that holds already.
    @Test(arguments: [
        ("lr=10 clip=0 weight_decay=10", "try a smaller lr (now 10.0) or clip=1"),
        ("lr=10 weight_decay=10", "try a smaller lr (now 10.0)"),
        ("lr=10 lr.head=5 clip=0 weight_decay=10", "try smaller rates (now lr 10.0, lr.head 5.0) or clip=1"),
    ])
    func whatIsTriedIsThere(keys: String, hint: String) {
        let bench = Bench()
        bench.run("set workers=2\nmodel nano\nload toy train=32 test=16 validation=0\nfull")
        let problem = bench.problem("train \(keys) steps=60 save_every=0")
        #expect(problem?.code == "loss-not-finite" && problem?.hint == hint, "\(problem?.description ?? "")")
    }
}
