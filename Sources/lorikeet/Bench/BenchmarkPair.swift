import Compute
import Diagnostics
import JSON
import Learning
import Models
import Synchronization
import System
import Training

/// Two runs over one base and one team of workers: one after the other, and at once.
struct BenchmarkPair {
    private let job: BenchmarkJob
    private let model: any LanguageModel
    private let workers: Workers
    private let clock = ContinuousClock()

    init(_ job: BenchmarkJob, model: any LanguageModel) {
        self.job = job
        self.model = model
        workers = Workers(count: job.threads)
    }

    /// - Result: seconds of each pair, and whether both ways gave the same losses.
    func run() throws -> JSON {
        var inTurn: [Double] = []
        var atOnce: [Double] = []
        var losses: Set<[Double]> = []
        _ = try trained()  // What is read and expanded once is so by now.
        for _ in 0..<(job.pairs ?? 1) {
            for isTogether in [false, true] {
                let start = clock.now
                let found = try isTogether ? together() : [trained(), trained()].flatMap { $0 }
                let seconds = (clock.now - start).inSeconds
                if isTogether { atOnce.append(seconds) } else { inTurn.append(seconds) }
                losses.insert(found)
            }
        }
        let ratios = zip(atOnce, inTurn).map { $0 / $1 }.sorted()
        return [
            "in_turn_seconds": .array(inTurn.map { .number($0) }),
            "at_once_seconds": .array(atOnce.map { .number($0) }),
            "ratio": .number(ratios[ratios.count / 2]), "same_losses": .bool(losses.count == 1),
        ]
    }

    /// The losses of one run from its beginning.
    private func trained() throws -> [Double] {
        let trainer = try job.trainer(
            model: model, task: job.task(for: model),
            tuning: try job.tuningMethod().tuning(of: model, seed: job.seed),
            examples: job.train, epochs: job.epochs, workers: workers)
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        return trainer.history.map(\.loss)
    }

    private func together() throws -> [Double] {
        let found = Mutex<[Result<[Double], any Error>]>([])
        let gate = Gate()
        for _ in 0..<2 {
            PlainThread("run") {
                let losses = Result { try trained() }
                found.withLock { $0.append(losses) }
                gate.open()
            }.detach()
        }
        gate.wait { found.withLock { $0.count == 2 } }
        return try found.withLock { $0 }.flatMap { try $0.get() }
    }
}
