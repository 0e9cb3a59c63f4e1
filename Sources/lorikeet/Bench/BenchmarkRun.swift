import Compute
import Diagnostics
import JSON
import Learning
import Models
import Synchronization
import Training

/// Our side of a comparison: trains and evaluates as the job says, and tells what it took.
enum BenchmarkRun {
    static func run(_ job: BenchmarkJob) throws -> JSON {
        let precision = job.precision.flatMap { Precision(rawValue: $0) }
        let model = try ModelLoader.load(path: job.model, precision: precision)
        guard job.pairs == nil else { return try BenchmarkPair(job, model: model).run() }
        let task = job.task(for: model)
        let start = try job.tuningMethod().tuning(of: model, seed: job.seed)
        let workers = Workers(count: job.threads)
        let never = Interruption()

        func trainer(_ examples: [EncodedExample], epochs: Int, from tuning: Tuning) throws -> Trainer {
            try job.trainer(
                model: model, task: task, tuning: tuning, examples: examples, epochs: epochs,
                workers: workers)
        }
        /// The warm-up's optimizer is gone before the timed one begins.
        func warmedUp() throws -> Tuning {
            let warm = try trainer(job.warmup, epochs: 1, from: start)
            while !warm.isFinished { _ = try warm.update(interruption: never) }
            return warm.tuning
        }
        let timed = try trainer(job.train, epochs: job.epochs, from: warmedUp())
        while !timed.isFinished { _ = try timed.update(interruption: never) }

        // The other side reads every token.
        let evaluator = Evaluator(
            model: model, under: timed.tuning, task: task, workers: workers, sharesBeginnings: false)
        _ = try evaluator.evaluate(job.warmup, interruption: never)
        let outcome = try evaluator.evaluate(job.test, interruption: never)
        let peak = SystemMemory.peakResident
        let longest = job.train.max { $0.tokenCount < $1.tokenCount }
        let kept = try longest.map { try job.keptBytes(of: $0, model: model, under: timed.tuning) }
        let trainable = timed.trainedParameters.reduce(0) { $0 + $1.count }
        return [
            "train_tokens_per_second": .number(Double(timed.tokens) / timed.seconds),
            "eval_tokens_per_second": .number(Double(outcome.tokens) / outcome.seconds),
            "train_seconds": .number(timed.seconds), "eval_seconds": .number(outcome.seconds),
            "peak_rss_mb": .number(Double(peak) / 1_048_576),
            "kept_mb": .number(Double(kept ?? 0) / 1_048_576),
            "sgemm_gflops": .number(peakRate(workers) / 1e9), "core": .string(BLAS.core),
            "first_loss": .number(timed.history.first?.loss ?? 0),
            "last_loss": .number(timed.history.last?.loss ?? 0),
            "accuracy": .number(outcome.metrics.matrix?.accuracy ?? 0),
            "trainable": .integer(trainable),
        ]
    }

    /// The rate of large products side by side on all workers: the middle one of many, since it is
    /// the yardstick of work that takes seconds.
    private static func peakRate(_ workers: Workers) -> Double {
        let sum = Mutex(0.0)
        workers.run(workers.count) { _ in
            let rates = BLASRate.rates(of: 31, m: 1024, n: 1024, k: 1024)
            sum.withLock { $0 += rates[rates.count / 2] }
        }
        return sum.withLock { $0 }
    }
}
