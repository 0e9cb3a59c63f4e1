import CZeroMQ
import Synchronization
import System

/// A bound socket with a thread that reads it; any thread may send.
///
/// ZeroMQ lets a socket move between threads across a full fence, which the lock is. Its
/// descriptor is edge-triggered, and a sender may be the one to see the edge: so after sending it
/// looks for input and wakes the reader.
final class Channel: Sendable {
    let name: String
    private let socket: Mutex<Socket>
    private let descriptor: Int32
    private let pipe = WakePipe()
    private let isStopped = Atomic<Bool>(false)
    private let quiet = Monitor(Quiet())
    private let thread = Mutex<PlainThread?>(nil)

    init(_ name: String, _ socket: Socket) {
        self.name = name
        descriptor = socket.descriptor
        self.socket = Mutex(socket)
    }

    /// Reads until `stop`.
    ///
    /// - `timeout`: milliseconds until `tick` wants to be called; nil for never.
    func start(
        timeout: @escaping @Sendable () -> Int? = { nil }, tick: @escaping @Sendable () -> Void = {},
        receive: @escaping @Sendable ([[UInt8]]) -> Void
    ) {
        let reader = PlainThread(name) { [self] in
            while !isStopped.load(ordering: .relaxed) {
                if let frames = socket.withLock({ $0.hasInput ? $0.receive() : nil }) {
                    receive(frames)
                    continue
                }
                quiet.change { $0.reached = $0.wanted }
                let limit = timeout()
                if limit.map({ $0 <= 0 }) ?? false {
                    tick()
                    continue
                }
                waitReadable(
                    [descriptor, pipe.readEnd], milliseconds: limit.map { Int32(clamping: $0) } ?? -1)
                _ = pipe.drain()
            }
        }
        thread.withLock { $0 = reader }
    }

    /// - Returns: false when the message went nowhere.
    @discardableResult
    func send(_ frames: [[UInt8]]) -> Bool {
        let (isSent, hasInput) = socket.withLock { socket in
            guard !isStopped.load(ordering: .relaxed) else { return (false, false) }
            return (socket.send(frames), socket.hasInput)
        }
        if hasInput { wake() }
        return isSent
    }

    /// Waits until the reader has taken every message that has arrived by now.
    func waitUntilRead() {
        let mine = quiet.change { state in
            state.wanted += 1
            return state.wanted
        }
        wake()
        _ = quiet.wait(seconds: 0.1) { $0.reached >= mine ? true : nil }
    }

    /// Makes the reader look at its timeout again.
    func wake() { pipe.wake() }

    /// Ends the reader and closes the socket; what was sent still goes out.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        wake()
        thread.withLock { $0.take() }?.join()
        socket.withLock { $0.close() }
    }

    /// How often someone wanted to know that nothing was left to read, and how much of it was answered.
    private struct Quiet: Sendable {
        var wanted = 0
        var reached = 0
    }
}
