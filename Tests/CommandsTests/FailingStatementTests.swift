import Diagnostics
import Foundation
import Synchronization
import TestScratch
import Testing

@testable import Commands

/// A statement that fails, or is interrupted before it has reached anything, leaves all as it was.
@Suite struct FailingStatementTests {
    /// The ways in which a model can be tuned when something fails.
    static let beginnings = [
        "", "lora r=4\ntrain steps=2\nevaluate", "full\ntrain steps=2\nevaluate",
        "full last=1\ntrain steps=2", "evaluate\nlora r=4",
    ]

    /// For each verb that touches the model, arguments that it refuses, at once or in the middle.
    ///
    /// `SAVED` stands for a good folder of another rank, `CUT` for one whose tensors end too early, `OTHER` for one
    /// with other classes, `TAKEN` for one that is not ours.
    static let failures: [(verb: String, cell: String)] = [
        ("model", "model nosuch"), ("model", "model nano pooling=max"), ("model", "model nano blocks=3"),
        ("model", "model nano head.norm=layer"),
        ("model", "model TAKEN"),
        ("lora", "lora targets=nosuch"), ("lora", "lora layers=99"), ("lora", "lora r=0"),
        ("ia3", "ia3 targets=nosuch"), ("ia3", "ia3 targets=k feedforward=up"), ("ia3", "ia3 layers=99"),
        ("lora", "lora rank_pattern=q"), ("lora", "lora alpha_pattern=o:4"), ("vera", "vera targets=nosuch"),
        ("prompt_tuning", "prompt_tuning tokens=99999"), ("prompt_tuning", "prompt_tuning init=text"),
        ("prefix_tuning", "prefix_tuning tokens=99999"), ("prefix_tuning", "prefix_tuning hidden=8"),
        ("reft", "reft layers=99"), ("reft", "reft positions=x"), ("reft", "reft add_bias=yes"),
        ("reft", "reft r=200"),
        ("last", "last n=99"), ("freeze", "freeze nosuch"), ("unfreeze", "unfreeze 99"), ("head", "head r=2"),
        ("bitfit", "bitfit r=2"), ("norms", "norms r=2"),
        ("hft", "hft seed=no"),
        ("full", "full last=99"), ("full", "full decay=0.5"), ("full", "full decay=2 layer_decay=0.5"),
        ("last", "last unfreeze=never"), ("train", "train lr.head=0"), ("train", "train lr.nothing=1e-3"),
        ("full", "full last=0"),
        ("train", "train max_length=100000"),
        ("train", "train steps=nan"), ("train", "set memory=1k\ntrain"),
        ("train", "train lr=10 clip=0 weight_decay=10 epochs=100 batch=4"),
        ("train", "train patience=2"), ("train", "train validate=test validate.map=positive:nothing"),
        ("train", "train validate=nosuch"), ("use", "use nosuch"), ("use", "use best"),
        ("resume", "resume nosuch"), ("resume", "set runs=TAKEN\nresume"), ("train", "train as=best"),
        ("lr_find", "lr_find from=1 to=0.1"), ("lr_find", "set memory=1k\nlr_find"),
        ("evaluate", "evaluate on=validation"), ("evaluate", "evaluate max_length=100000"),
        ("confusion", "confusion on=validation"), ("perplexity", "perplexity"), ("dpo", "dpo beta=0.1"),
        ("load", "load toy prompt={response}"), ("predict", "predict ''"), ("open", "open CUT"),
        ("evaluate", "evaluate of=nosuch"), ("evaluate", "evaluate of=base,base"),
        ("evaluate", "evaluate as=base"), ("evaluate", "evaluate shots=2"),
        ("evaluate", "evaluate scoring=mean"), ("predict", "predict x shots=2"),
        ("judge", "judge with=nano-llama"), ("show", "show prompt shots=2"),
        ("show", "show wrong on=validation"), ("predict", "predict x to=answers.txt"),
        ("predict", "predict x to=TAKEN/nowhere/answers.csv"),
        ("generate", "generate"), ("generate", "generate 'a good day' n=2"),
        ("chat", "chat 'a good day'"), ("label", "label"), ("label", "label with=nosuch"),
        ("open", "open OTHER"), ("open", "open TAKEN"), ("open", "open nosuch"), ("save", "save TAKEN"),
        ("merge", "merge TAKEN"), ("export", "export gguf to=a.gguf"), ("export", "export gguf to=TAKEN"),
        ("combine", "combine SAVED to=new"),
        ("combine", "combine SAVED SAVED to=TAKEN"), ("combine", "combine SAVED CUT to=new"),
        ("load", "load nosuch"), ("load", "load toy train=10 text=nothing"),
        ("reset", "reset nothing"),
    ]

    @Test func everyVerbThatTouchesModelOrDataFailsHere() {
        let named = Set(Self.failures.map(\.verb))
        for declaration in CommandRegistry.commands.map(\.declaration)
        where declaration.uses.union(declaration.changes).contains(where: \.isExclusive) {
            #expect(named.contains(declaration.verb), "how does \(declaration.verb) fail?")
        }
    }

    /// Folders to open, and not to write to.
    private func folders() throws -> URL {
        let place = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: place.appending(path: "taken"), withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: place.appending(path: "taken/notes.txt"))
        let rows = (0..<40).map { "word \($0),\(["x", "y", "z"][$0 % 3])" }
        try Data(("text,label\n" + rows.joined(separator: "\n")).utf8)
            .write(to: place.appending(path: "three.csv"))
        let bench = Bench()
        bench.run("model nano\nload toy train=16 test=8\nlora r=2\nsave \(place.path)/cut")
        bench.run("load path=\(place.path)/three.csv\nlora r=2\ntrain steps=1\nsave \(place.path)/other")
        let tensors = place.appending(path: "cut/adapter_model.safetensors")
        try Data(contentsOf: tensors).dropLast(40).write(to: tensors)
        return place
    }

    @Test(arguments: beginnings) func afterAFailureAllIsAsBefore(beginning: String) throws {
        let place = try folders()
        defer { try? FileManager.default.removeItem(at: place) }
        let bench = Bench()
        bench.run("set times=off\nmodel nano\nload toy train=32 test=16 validation=0\nkept=1")
        bench.run(beginning)
        for (_, cell) in Self.failures {
            let line = cell.replacing("TAKEN", with: "\(place.path)/taken")
                .replacing("CUT", with: "\(place.path)/cut").replacing("OTHER", with: "\(place.path)/other")
            let shown = shown(by: bench)
            let (problem, changes) = bench.failure(of: line)
            #expect(problem != nil, "\(cell)")
            #expect(changes == [], "\(cell): \(problem?.description ?? "")")
            bench.run("reset settings\nset times=off")
            #expect(self.shown(by: bench) == shown, "\(cell)")
        }
    }

    /// What a person sees of the model; `evaluate` of a copy of the session, which it would change.
    private func shown(by bench: Bench) -> [String] {
        let before = bench.interpreter.session.state
        defer { bench.interpreter.session.state = before }
        return ["params", "status", "evaluate"].map { bench.result($0)?.plain ?? "nothing" }
    }

    /// Stops a cell at the n-th look at the clock, which commands and their progress take at all stages.
    private func stopping(_ cell: String, at look: Int, after beginning: String) -> (
        Bench, [String], isOver: Bool
    ) {
        let looks = Mutex(Int.max / 2)
        let interruption = Interruption()
        var stopping = Surroundings(
            now: {
                let left = looks.withLock { looks in
                    looks -= 1
                    return looks
                }
                if left == 0 { interruption.request() }
                return 0
            }, environment: Surroundings.real.environment, freshName: Surroundings.real.freshName,
            client: NoNetwork())
        stopping.runs = nil
        let bench = Bench(surroundings: stopping)
        bench.run("model nano\nload toy train=32 test=16")
        bench.run(beginning)
        let before = bench.fingerprint
        looks.withLock { $0 = look }
        let outcome = bench.interpreter.run(cell: cell, output: bench.output, interruption: interruption)
        let isOver = if case .interrupted = outcome.ending { false } else { true }
        return (bench, bench.fingerprint.differences(from: before), isOver)
    }

    @Test(arguments: [
        "evaluate", "confusion", "train steps=3", "load toy train=8 test=8", "model nano", "predict x",
        "show wrong", "lr_find steps=20",
    ])
    func anInterruptKeepsWholeStepsOrNothing(cell: String) {
        for beginning in ["", "lora r=4", "full"] {
            var look = 1
            while true {
                let (bench, changes, isOver) = stopping(cell, at: look, after: beginning)
                if isOver { break }
                let engine = bench.interpreter.session.state.engine
                if changes != [] {
                    #expect(
                        engine.run.map { !$0.steps.isEmpty && !$0.smoothedLoss.isNaN } == true,
                        "\(cell) \(look)"
                    )
                }
                let hooked = engine.method.map { method in
                    method.tuning.linears.values.reduce(0) { $0 + $1.parameters.count }
                }
                #expect(hooked == engine.method.map { $0.targets.isEmpty ? 0 : $0.parameters.count })
                look += 1
            }
            #expect(look > 1 || cell.hasPrefix("predict"), "\(cell) was never interrupted")
        }
    }
}
