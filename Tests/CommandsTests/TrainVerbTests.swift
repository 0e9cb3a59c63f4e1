import Diagnostics
import Display
import Foundation
import Learning
import Testing
import Training

@testable import Commands

/// `train`: how long, how fast, and what it leaves behind.
@Suite struct TrainVerbTests {
    private let bench = Bench()

    init() { bench.run("set times=off workers=2\nmodel nano\nload toy train=64 test=16") }

    private var steps: [StepRecord] { bench.interpreter.session.state.engine.run?.steps ?? [] }

    @Test func stepsWinOverEpochs() {
        #expect(bench.problem("train steps=40") == nil)
        #expect(steps.count == 40)
        bench.run("lora\ntrain steps=3 epochs=2")
        #expect(steps.count == 3)
        let plan = bench.output.events.compactMap { event -> String? in
            if case .display(let bundle, id: nil) = event { bundle.plain } else { nil }
        }.last { $0.contains("Plan") }
        #expect(plan?.contains("steps=3 wins over epochs=2") == true, "\(plan ?? "no plan")")
    }

    /// transformers.TrainingArguments.get_warmup_steps: math.ceil(total * ratio), else as many as said.
    @Test(arguments: [
        ("0.06", 24, 2), ("0.5", 3, 2), ("7", 24, 7), ("1", 24, 1), ("30", 24, 30), ("100%", 24, 24),
        ("0.5%", 24, 1), ("6%", 24, 2),
        ("0", 24, 0), ("1%", 24, 1),
    ])
    func warmupIsWhatTransformersMakesOfIt(_ warmup: String, total: Int, wanted: Int) {
        #expect(bench.problem("lora\ntrain steps=\(total) warmup=\(warmup) lr=1e-3 schedule=constant") == nil)
        let rates = steps.map { Double($0.lr) }
        #expect(rates.count == total)
        for (step, rate) in rates.enumerated() {
            #expect(abs(rate - 1e-3 * min(1, Double(step) / Double(wanted))) < 1e-9, "step \(step): \(rate)")
        }
    }

    @Test(
        arguments: [
            ("train steps=1 warmup=1e30", "warmup"), ("train steps=1 warmup=2.5", "warmup"),
            ("train steps=1 lr=1e-60", "lr"), ("train steps=1 weight_decay=1e-60", "weight_decay"),
            ("train steps=1 clip=1e-60", "clip"), ("train steps=1 clip=1e300", "clip"),
            ("lora alpha=1e-60", "alpha"), ("lora dropout=1e-60", "dropout"),
        ])
    func aNumberThatTheEngineCannotHoldIsRefusedByName(_ line: String, _ name: String) {
        let problem = bench.problem(line)
        #expect(problem?.code == "bad-value")
        #expect(problem?.message.hasPrefix("\(name) ") == true, "\(problem?.message ?? "accepted")")
    }

    @Test func anotherLengthForOneEvaluationIsForThatCallAlone() {
        bench.run("lora\ntrain steps=1\nevaluate max_length=8")
        #expect(bench.interpreter.session.state.engine.maxLength == nil)
        #expect(bench.interpreter.session.state.engine.task?.maxLength == 256)
        let plan = bench.result("train steps=1")
        #expect(plan != nil)
        bench.run("train steps=1 max_length=16\nevaluate max_length=8")
        #expect(bench.interpreter.session.state.engine.task?.maxLength == 16)
    }

    @Test func aPartIsCalledASplitToo() {
        #expect(bench.problem("evaluate split=test") == nil)
        #expect(bench.run("evaluate split=train").statements.last?.value["n"] == 64)
        #expect(bench.problem("confusion split=test") == nil)
    }
}
