import Diagnostics
import Synchronization

/// The cells that run now, so that an interrupt can reach them.
final class Executions: Sendable {
    private let running = Mutex<[Interruption]>([])

    /// Runs a cell that `interruptAll` can stop.
    func run<Result>(_ body: (Interruption) -> Result) -> Result {
        let interruption = Interruption()
        running.withLock { $0.append(interruption) }
        defer { running.withLock { $0.removeAll { $0 === interruption } } }
        return body(interruption)
    }

    func interruptAll() {
        for interruption in running.withLock({ $0 }) { interruption.request() }
    }
}
