import Display
import Foundation
import Synchronization
import Testing
import Training

@testable import Commands

func freshRunsFolder() -> String {
    FileManager.default.temporaryDirectory.appending(path: "runs-\(UUID())").path
}

/// Sessions that keep their runs in one folder.
protocol RunBenches {
    var folder: String { get }
}

extension RunBenches {
    func bench() -> Bench {
        var surroundings = Surroundings.local
        surroundings.runs = folder
        // A clock that jumps, so that every step is shown.
        let time = Counter()
        surroundings.now = { time.next() }
        let bench = Bench(surroundings: surroundings)
        bench.run("set workers=2")
        return bench
    }

    var setup: String { "model nano\nload toy train=48 test=16 validation=16\nlora r=2 dropout=0.1" }
    var train: String { "train epochs=3 batch=8 lr=1e-3" }

    /// Interrupts at the step whose progress is shown so.
    func stop(_ bench: Bench, _ cell: String, at text: String) {
        let output = StoppingOutput(bench.interruption) { $0.plain.contains(text) }
        let outcome = bench.interpreter.run(cell: cell, output: output, interruption: bench.interruption)
        guard case .interrupted = outcome.ending else { return #expect(Bool(false), "\(cell) ended") }
        bench.interruption.clear()
    }

    /// What the weights and the record have become.
    func outcome(_ bench: Bench) -> [UInt64] {
        let engine = bench.interpreter.session.state.engine
        let weights = (engine.method?.parameters ?? []) + (engine.task?.parameters ?? [])
        let bits = weights.flatMap { $0.dense().floats.map { UInt64($0.bitPattern) } }
        let steps = engine.run?.steps.flatMap { [UInt64($0.step), $0.loss.bitPattern] } ?? []
        let lines = (engine.run?.epochs ?? []).flatMap { line -> [UInt64] in
            [line.epoch.bitPattern, UInt64(line.steps), (line.validation?.loss ?? -1).bitPattern]
        }
        return bits + steps + lines
    }
}

/// Rises by a second whenever it is asked.
final class Counter: Sendable {
    private let time = Mutex(0.0)

    func next() -> Double {
        time.withLock {
            $0 += 1
            return $0
        }
    }
}
