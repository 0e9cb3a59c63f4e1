import Diagnostics
import Synchronization

/// The cells that run now, so that an interrupt can reach them.
final class Executions: Sendable {
    private let running = Mutex<[Interruption]>([])

    /// Runs a cell that `interruptAll` can stop, from before its busy to after its idle.
    func run(_ interruption: Interruption, _ body: () -> Void) {
        running.withLock { $0.append(interruption) }
        body()
        running.withLock { $0.removeAll { $0 === interruption } }
    }

    func interruptAll() {
        for interruption in running.withLock({ $0 }) { interruption.request() }
    }
}
