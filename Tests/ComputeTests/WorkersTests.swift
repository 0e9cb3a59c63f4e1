import Synchronization
import System
import Testing

@testable import Compute

@Suite struct WorkersTests {
    /// Runs `body` in so many threads at once and waits for all.
    private func together(_ threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let left = Mutex(threads)
        let gate = Gate()
        for thread in 0..<threads {
            PlainThread("caller", stack: 1 << 20) {
                body(thread)
                left.withLock { $0 -= 1 }
                gate.open()
            }.detach()
        }
        gate.wait { left.withLock { $0 == 0 } }
    }

    /// How often each piece of a job was done.
    private final class Tally: Sendable {
        private let done: Mutex<[Int]>
        init(_ pieces: Int) { done = Mutex(Array(repeating: 0, count: pieces)) }
        func count(_ piece: Int) { done.withLock { $0[piece] += 1 } }
        var isOnceEach: Bool { done.withLock { $0.allSatisfy { $0 == 1 } } }
    }

    @Test(arguments: [(1, 1), (1, 4), (2, 2), (4, 2), (2, 4), (4, 4), (4, 1)])
    func everyPieceOfEveryJobIsDoneOnce(_ case: (threads: Int, workers: Int)) {
        let workers = Workers(count: `case`.workers)
        defer { workers.close() }
        let wrong = Mutex<[String]>([])
        together(`case`.threads) { thread in
            for job in 0..<10_000 {
                let tally = Tally(1 + (job + thread) % 7)
                workers.run(1 + (job + thread) % 7) { tally.count($0) }
                // All is done when run returns, and by no other job's body.
                if !tally.isOnceEach { wrong.withLock { $0.append("thread \(thread), job \(job)") } }
            }
        }
        #expect(wrong.withLock(\.first) == nil)
    }

    @Test func aPieceMayRunAJobOfItsOwn() {
        let workers = Workers(count: 3)
        defer { workers.close() }
        let outer = Tally(20)
        let inner = (0..<20).map { _ in Tally(9) }
        workers.run(20) { piece in
            workers.run(9) { inner[piece].count($0) }
            #expect(inner[piece].isOnceEach)
            outer.count(piece)
        }
        #expect(outer.isOnceEach)
    }

    @Test func whoIsIdleHelpsTheJobThatHasPiecesLeft() {
        let workers = Workers(count: 3)
        defer { workers.close() }
        // Each job's pieces wait for each other, so both have to have somebody beside their caller.
        together(2) { _ in
            let arrived = Mutex(0)
            let gate = Gate()
            workers.run(2) { _ in
                arrived.withLock { $0 += 1 }
                gate.open()
                gate.wait { arrived.withLock { $0 == 2 } }
            }
        }
    }

    @Test func aClosedTeamLeavesTheWorkToTheCaller() {
        let workers = Workers(count: 4)
        workers.close()
        for _ in 0..<100 {
            let tally = Tally(5)
            workers.run(5) { tally.count($0) }
            #expect(tally.isOnceEach)
        }
    }

    @Test func aTeamMayBeClosedWhileJobsRun() {
        for _ in 0..<50 {
            let workers = Workers(count: 4)
            let tally = Tally(64)
            workers.run(64) { piece in
                if piece == 3 { workers.close() }
                tally.count(piece)
            }
            #expect(tally.isOnceEach)
        }
    }

    @Test func whatAJobHoldsIsLetGoBeforeRunReturns() {
        let workers = Workers(count: 2)
        defer { workers.close() }
        final class Held: Sendable {}
        for _ in 0..<2000 {
            weak var watched: Held?
            func job() {
                let held = Held()
                watched = held
                workers.run(4) { _ in withExtendedLifetime(held) {} }
            }
            job()
            #expect(watched == nil)
        }
    }
}
