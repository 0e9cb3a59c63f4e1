import Synchronization
import System

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A team of threads that shares numbered pieces of work with whoever brings some.
///
/// Several threads may bring jobs at once: each works on its own, and a thread of the team that has
/// nothing to do helps the job with the fewest helpers. So a job never waits for another's pieces, and
/// a piece may bring a job itself. Which worker takes which piece is left to chance: a piece's result
/// may depend only on its number, which keeps results the same for any number of workers.
package final class Workers: Sendable {
    /// How many work at once on a job, its caller among them.
    package let count: Int

    private struct Board {
        var jobs: [Job] = []
        var isClosed = false
    }

    private let board = Mutex(Board())
    /// Rises with each change of the board that a thread without work must look at.
    private let news = Atomic<Int>(0)
    private let wake = Gate()
    private let leave = Gate()

    /// - `count`: how many run at once, 1 or more; the machine's cores by default.
    package init(count: Int = Workers.coreCount) {
        self.count = max(1, count)
        for _ in 1..<self.count {
            PlainThread("worker") { [self] in help() }.detach()
        }
    }

    package static var coreCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// Runs `body` once for every number below `pieces` and returns when all are done.
    ///
    /// The first pieces begin first. What `body` holds is let go by then.
    package func run(_ pieces: Int, _ body: @escaping @Sendable (Int) -> Void) {
        guard pieces > 1, count > 1 else {
            for piece in 0..<max(0, pieces) { body(piece) }
            return
        }
        let job = Job(pieces: pieces, body: body)
        board.withLock { $0.jobs.append(job) }
        tellNews()
        job.work()
        // From here on nobody joins; those who did finish their piece.
        board.withLock { board in board.jobs.removeAll { $0 === job } }
        // A helper's last piece is rarely long: sleeping and waking would cost more than giving way does.
        if !spin(20_000, until: { job.isLeft }) { leave.wait { job.isLeft } }
        job.end()
    }

    /// Ends the threads, each when the job that it helps is done; later jobs are their callers' alone.
    package func close() {
        board.withLock { $0.isClosed = true }
        tellNews()
    }

    private func tellNews() {
        news.add(1, ordering: .releasing)
        wake.open()
    }

    private func help() {
        while true {
            let seen = news.load(ordering: .acquiring)
            let (job, isClosed) = board.withLock { board in
                let job = board.jobs.lazy.filter(\.hasPieces).min { $0.helperCount < $1.helperCount }
                job?.join()
                return (job, board.isClosed)
            }
            if let job {
                job.work()
                if job.depart() { leave.open() }
            } else if isClosed {
                return
            } else if !spin(until: { news.load(ordering: .acquiring) != seen }) {
                wake.wait { news.load(ordering: .acquiring) != seen }
            }
        }
    }

    /// Waits some microseconds, since the next job of a step follows at once, before it is worth a sleep.
    private func spin(_ times: Int = 2000, until claim: () -> Bool) -> Bool {
        for _ in 0..<times {
            if claim() { return true }
            sched_yield()
        }
        return false
    }
}

/// The pieces of one call of `run`.
private final class Job: Sendable {
    private let pieces: Int
    /// Read by those who have joined, taken away by the caller when all have left.
    nonisolated(unsafe) private var body: (@Sendable (Int) -> Void)?
    private let next = Atomic<Int>(0)
    private let helpers = Atomic<Int>(0)

    init(pieces: Int, body: @escaping @Sendable (Int) -> Void) {
        self.pieces = pieces
        self.body = body
    }

    var hasPieces: Bool { next.load(ordering: .relaxed) < pieces }
    var helperCount: Int { helpers.load(ordering: .relaxed) }
    /// Whether all helpers have left, their pieces done.
    var isLeft: Bool { helpers.load(ordering: .acquiring) == 0 }

    func join() { helpers.add(1, ordering: .relaxed) }

    /// - Result: whether the last helper left.
    func depart() -> Bool { helpers.subtract(1, ordering: .releasing).newValue == 0 }

    func work() {
        guard let body else { return }
        while true {
            let piece = next.add(1, ordering: .relaxed).oldValue
            guard piece < pieces else { return }
            body(piece)
        }
    }

    func end() { body = nil }
}
