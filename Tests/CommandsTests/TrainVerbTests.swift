import Diagnostics
import Display
import Foundation
import JSON
import Language
import Learning
import Synchronization
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
        }.last { $0.contains("wins over") }
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
        #expect(bench.problem("train steps=1") == nil)
        bench.run("train steps=1 max_length=16\nevaluate max_length=8")
        #expect(bench.interpreter.session.state.engine.task?.maxLength == 16)
    }

    @Test func aPartIsCalledASplitToo() {
        #expect(bench.problem("evaluate split=test") == nil)
        #expect(bench.run("evaluate split=train").statements.last?.value["n"] == 64)
        #expect(bench.problem("confusion split=test") == nil)
    }

    /// Each is refused after a method was put on by default, or with one of its own that stays.
    @Test(
        arguments: [
            ("", "set memory=1\ntrain", "no-memory"), ("", "train max_length=100000", "too-long"),
            ("", "load toy prompt=alpaca max_length=8\nmodel nano-llama\ntrain", "too-long"),
            ("", "train lr=10 weight_decay=10 clip=0 steps=60", "loss-not-finite"),
            ("lora r=2", "set memory=1\ntrain", "no-memory"),
            ("lora r=2", "lora targets=nothing", "unknown-target"),
            ("lora r=2", "full last=99", "bad-layers"), ("lora r=2", "open /nowhere", "no-file"),
        ])
    func whatIsRefusedLeavesNoTrace(_ method: String, _ line: String, _ code: String) throws {
        let lines = line.split(separator: "\n").map(String.init)
        bench.run((lines.dropLast() + [method]).joined(separator: "\n"))
        func state() -> [JSON] { ["params", "status"].compactMap { bench.run($0).statements.last?.value } }
        let before = state()
        #expect(before.count == 2)
        #expect(bench.problem(lines.last ?? "")?.code == code)
        #expect(state() == before)
        let tuning = bench.interpreter.session.state.engine.method?.tuning
        #expect(tuning?.linears.isEmpty == (method.isEmpty ? nil : false))
    }

    /// A method's usual rate is one for Adam; others have theirs beside it.
    @Test(arguments: [("adamw", "0.002"), ("adam", "0.002"), ("lion", "4e-4"), ("sgd", "0.2")])
    func aRateGoesByTheOptimizer(optimizer: String, rate: String) {
        bench.run("train steps=1 optimizer=\(optimizer)")
        let isSaid = bench.output.shown.contains(
            "lr \(rate) is usual with \(optimizer), where adamw has 0.002")
        #expect(isSaid == (rate != "0.002"), "\(bench.output.shown)")
        #expect(formatted(Double("\(steps[0].lr)") ?? 0) == rate)
        let other = Bench()
        other.run("model nano\nload toy train=64 test=16\nlora\ntrain steps=1 lr=1e-3 optimizer=\(optimizer)")
        #expect(!other.output.shown.contains("is usual with"))
    }

    @Test func anInterruptBeforeTheFirstStepHasTrainedNothing() {
        let stopping = StoppingOutput(bench.interruption) { _ in true }
        let outcome = bench.interpreter.run(
            cell: "train", output: stopping, interruption: bench.interruption)
        guard case .interrupted = outcome.ending else { return #expect(Bool(false), "it ended") }
        bench.interruption.clear()
        let engine = bench.interpreter.session.state.engine
        #expect(engine.run == nil && engine.method == nil && !engine.isHeadTrained)
        #expect(bench.interpreter.session.state.metrics["loss"] == nil)
    }

    @Test func anEpochThatIsOverHasItsLineWhenTheStopComesBeforeItsValidation() {
        // A clock that jumps, so that every step is shown.
        let time = Mutex(0.0)
        var surroundings = Surroundings.local
        surroundings.now = {
            time.withLock {
                $0 += 1
                return $0
            }
        }
        let interpreter = CellInterpreter(session: Session(surroundings: surroundings))
        let interruption = Interruption()
        let stopping = StoppingOutput(interruption) { $0.plain.contains("8/16") }
        let outcome = interpreter.run(
            cell: "model nano\nload toy train=64 test=16 validation=16\ntrain epochs=2", output: stopping,
            interruption: interruption)
        guard case .interrupted = outcome.ending else { return #expect(Bool(false), "it ended") }
        let run = interpreter.session.state.engine.run
        #expect(run?.steps.count == 8)
        #expect(run?.epochs.map(\.steps) == [8])
        #expect(run?.epochs.first?.validation == nil)
    }
}
