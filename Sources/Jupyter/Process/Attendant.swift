import Synchronization

/// What the main thread does while others serve: minds signals and the parent process.
///
/// Signal handlers only write a byte to a pipe. Handlers, unlike ignored signals and masks, are not
/// inherited by programs that a cell starts.
final class Attendant: Sendable {
    private let pipe = WakePipe()
    private let departure = Mutex<Departure?>(nil)
    private let watch: ParentWatch?
    private let isTidy = Atomic<Bool>(false)

    /// Milliseconds after which start-up counts as over.
    static let tidyDelay: Int32 = 300

    /// - `parent`: a process id; nil when nobody's end concerns us.
    init(parent: Int32?) {
        watch = parent.map { ParentWatch($0) }
    }

    /// The first reason given counts.
    func leave(_ reason: Departure) {
        departure.withLock { $0 = $0 ?? reason }
        pipe.wake()
    }

    func wait(interrupt: () -> Void) -> Departure {
        while true {
            if let reason = departure.withLock({ $0 }) { return reason }
            if watch?.isOrphaned ?? false { return .orphaned }
            waitReadable(
                [pipe.readEnd] + (watch?.descriptor.map { [$0] } ?? []), milliseconds: nextLook)
            tidyOnce()
            for signal in pipe.drain() where signal != 0 {
                if Int32(signal) == SIGINT { interrupt() } else { leave(.signalled(Int32(signal))) }
            }
        }
    }

    /// Milliseconds until something is to be done that nobody announces; -1 for never.
    private var nextLook: Int32 {
        if !isTidy.load(ordering: .relaxed) { return Self.tidyDelay }
        return watch?.interval ?? -1
    }

    /// Start-up is over: its code need not stay in memory.
    private func tidyOnce() {
        guard !isTidy.exchange(true, ordering: .relaxed) else { return }
        releaseCodePages()
    }

    func installSignalHandlers() {
        signalPipe.store(pipe.writeEnd, ordering: .relaxed)
        for number in [SIGINT, SIGTERM, SIGHUP] { handle(number) { noteSignal($0) } }
        // Sending to a pipe that a child has closed is an error to report, not a death.
        handle(SIGPIPE) { _ in }
    }

    private func handle(_ number: Int32, _ body: @escaping @convention(c) (Int32) -> Void) {
        var action = sigaction()
        #if canImport(Darwin)
            action.__sigaction_u.__sa_handler = body
        #else
            action.__sigaction_handler.sa_handler = body
        #endif
        action.sa_flags = Int32(SA_RESTART)
        sigaction(number, &action, nil)
    }
}

/// Where the signal handler writes: the only thing it may touch.
private let signalPipe = Atomic<Int32>(-1)

private func noteSignal(_ number: Int32) {
    var byte = UInt8(truncatingIfNeeded: number)
    let reason = errno
    _ = write(signalPipe.load(ordering: .relaxed), &byte, 1)
    errno = reason
}
