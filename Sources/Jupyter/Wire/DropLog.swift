import Diagnostics
import Logging
import Synchronization

/// Logs dropped messages, ever more seldom: a flood of bad ones must not become a flood of lines.
final class DropLog: Sendable {
    private let logger: Logger
    private let count = Atomic<Int>(0)

    init(_ logger: Logger) {
        self.logger = logger
    }

    func note(_ error: any Error, on channel: String) {
        let number = count.add(1, ordering: .relaxed).newValue
        guard number <= 8 || number.nonzeroBitCount == 1 else { return }
        let reason = (error as? Diagnostic)?.message ?? "\(error)"
        logger.warning("dropped message \(number) on \(channel): \(reason)")
    }
}
