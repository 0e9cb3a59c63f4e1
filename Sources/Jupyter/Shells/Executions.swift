import Diagnostics
import Foundation
import Synchronization
import System

/// The cells that run now, so that an interrupt can reach them.
final class Executions: Sendable {
    private let running = Mutex<[Interruption]>([])

    /// Runs a cell that `interruptAll` can stop, from before its busy to after its idle.
    func run(_ interruption: Interruption, _ body: () -> Void) {
        running.withLock { $0.append(interruption) }
        body()
        running.withLock { $0.removeAll { $0 === interruption } }
    }

    /// Gives the cells that run so many seconds to end.
    func wait(atMost seconds: Double) {
        let limit = monotonicMilliseconds() + Int(seconds * 1000)
        while running.withLock({ !$0.isEmpty }), monotonicMilliseconds() < limit { usleep(5000) }
    }

    func interruptAll() {
        for interruption in running.withLock({ $0 }) { interruption.request() }
    }
}
