import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A fixed team of threads, the caller among them, that shares numbered pieces of work.
///
/// Which worker takes which piece is left to chance, so a piece's result may depend only on its
/// number: that keeps results the same for any number of workers.
package final class Workers: Sendable {
    package let count: Int

    private struct Job: Sendable {
        let pieces: Int
        let body: @Sendable (Int) -> Void
    }

    private struct Board {
        var job: Job?
        var generation = 0
        var isClosed = false
    }

    private let board = Mutex(Board())
    private let generation = Atomic<Int>(0)
    private let next = Atomic<Int>(0)
    private let busy = Atomic<Int>(0)
    private let wake = Gate()

    /// - `count`: how many run at once, 1 or more; the machine's cores by default.
    package init(count: Int = Workers.coreCount) {
        self.count = max(1, count)
        for _ in 1..<max(1, self.count) { start() }
    }

    package static var coreCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// Runs `body` once for every number below `pieces` and returns when all are done.
    package func run(_ pieces: Int, _ body: @escaping @Sendable (Int) -> Void) {
        guard pieces > 1, count > 1 else {
            for piece in 0..<max(0, pieces) { body(piece) }
            return
        }
        next.store(0, ordering: .relaxed)
        busy.store(count - 1, ordering: .relaxed)
        let job = Job(pieces: pieces, body: body)
        board.withLock {
            $0.job = job
            $0.generation += 1
            generation.store($0.generation, ordering: .releasing)
        }
        wake.open()
        work(on: job)
        while busy.load(ordering: .acquiring) > 0 { sched_yield() }
        board.withLock { $0.job = nil }
    }

    /// Ends the threads; they also end with the process.
    package func close() {
        board.withLock {
            $0.isClosed = true
            $0.job = nil
            $0.generation += 1
            generation.store($0.generation, ordering: .releasing)
        }
        wake.open()
    }

    private func work(on job: Job) {
        while true {
            let piece = next.add(1, ordering: .relaxed).oldValue
            guard piece < job.pieces else { return }
            job.body(piece)
        }
    }

    private func start() {
        PlainThread.start(stackBytes: 8 << 20) { [self] in
            var seen = 0
            while true {
                waitForNews(after: seen)
                let (job, number, isClosed) = board.withLock { ($0.job, $0.generation, $0.isClosed) }
                seen = number
                if isClosed { return }
                guard let job else { continue }
                work(on: job)
                busy.subtract(1, ordering: .releasing)
            }
        }
    }

    /// Spins for some microseconds, since the next job of a step follows at once; then sleeps.
    private func waitForNews(after seen: Int) {
        for _ in 0..<2000 where generation.load(ordering: .acquiring) == seen { _ = sched_yield() }
        wake.wait { self.generation.load(ordering: .acquiring) != seen }
    }
}
