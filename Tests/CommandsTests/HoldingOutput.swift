import Diagnostics
import Dispatch
import Display
import Synchronization

@testable import Commands

/// Holds a statement at its first report of progress until it is told to go on.
final class HoldingOutput: Output {
    private let isReached = DispatchSemaphore(value: 0)
    private let mayGoOn = DispatchSemaphore(value: 0)
    private let hasHeld = Mutex(false)

    /// Waits until the statement is at work, or has ended without a report.
    func waitUntilReached() { isReached.wait() }

    func end() { isReached.signal() }

    func goOn() { mayGoOn.signal() }

    func display(_ bundle: MimeBundle, id: String?) {
        guard id != nil,
            !hasHeld.withLock({ held in
                defer { held = true }
                return held
            })
        else { return }
        isReached.signal()
        mayGoOn.wait()
    }

    func update(_ bundle: MimeBundle, id: String) {}
    func write(_ text: String, to stream: OutputStream) {}
    func clear(wait: Bool) {}
    func page(_ bundle: MimeBundle) {}
    func input(prompt: String, isPassword: Bool) throws -> String { "" }
}

extension Bench {
    /// Runs a cell on a thread of its own, and `body` here while the cell is held at its first report.
    ///
    /// - `after`: what runs here beside the cell when it has been let go on, until it has ended.
    /// - Returns: how the cell ended.
    func run(
        _ cell: String, beside body: () throws -> Void, after: () throws -> Void = {}
    ) rethrows -> CellOutcome? {
        let held = HoldingOutput()
        let ended = DispatchSemaphore(value: 0)
        let outcome = Mutex<CellOutcome?>(nil)
        let interpreter = interpreter
        let besides = Interruption()
        DispatchQueue.global().async {
            let result = interpreter.run(cell: cell, output: held, interruption: besides)
            outcome.withLock { $0 = result }
            held.end()
            ended.signal()
        }
        held.waitUntilReached()
        do {
            defer { held.goOn() }
            try body()
        }
        while outcome.withLock({ $0 == nil }) { try after() }
        ended.wait()
        return outcome.withLock { $0 }
    }
}
