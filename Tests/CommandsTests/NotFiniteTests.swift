import Compute
import Diagnostics
import Language
import Learning
import Testing
import Training

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

    /// What nobody has trained no method begins anew.
    @Test func untrainedWeightsAreSentToNoMethod() throws {
        let bench = Bench()
        bench.run("set workers=2\nmodel nano\nload toy train=32 test=16 validation=0\nfull\nevaluate")
        let head = try #require(bench.interpreter.session.state.engine.task?.parameters.first)
        head.replace(with: Buffer([Float](repeating: .nan, count: head.count)))
        for line in ["evaluate", "predict good", "train steps=1"] {
            let problem = try #require(bench.problem(line), "\(line)")
            #expect(problem.code == "not-finite" && problem.hint == nil, "\(line): \(problem)")
        }
    }

    @Test(arguments: [10, 1, 0.05, 0.001, 5e-4, 1.2e-4, 5e-5, 1.5e-6] as [Float])
    func aRateIsWrittenAsElsewhere(rate: Float) {
        #expect(rate.written == formatted(Double("\(rate)") ?? .nan))
    }

    /// No rate is named that is not there, and no limit that holds already.
    @Test(arguments: [
        ("lr=10 clip=0 weight_decay=10", "try a smaller lr (now 10) or clip=1"),
        ("lr=10 weight_decay=10", "try a smaller lr (now 10)"),
        ("lr=10 lr.head=5 clip=0 weight_decay=10", "try smaller rates (now lr 10, lr.head 5) or clip=1"),
    ])
    func whatIsTriedIsThere(keys: String, hint: String) {
        let bench = Bench()
        bench.run("set workers=2\nmodel nano\nload toy train=32 test=16 validation=0\nfull")
        let problem = bench.problem("train \(keys) steps=60 save_every=0")
        #expect(problem?.code == "loss-not-finite" && problem?.hint == hint, "\(problem?.description ?? "")")
    }
}
