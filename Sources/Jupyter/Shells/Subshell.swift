import Synchronization
import System

/// One line of requests, answered one at a time on a thread of its own.
///
/// The main subshell has no id; others run beside it. Each counts its own cells.
final class Subshell: Sendable {
    /// nil for the main one.
    let id: String?
    let history: HistorySession
    private let queue = Monitor(Queue())
    private let count = Atomic<Int>(0)

    /// Cells recurse as deep as a model is nested: room for it costs nothing until it is used.
    static let stack = 64 << 20

    private struct Queue: Sendable {
        var waiting: [Work] = []
        /// How many requests have come, and how many of them are answered.
        var come = 0
        var answered = 0
        var isClosed = false
    }

    private struct Work: Sendable {
        var handler: RequestHandler
        var message: Message
        var channel: Channel
        var isAborted = false
    }

    init(id: String?, history: HistorySession) {
        self.id = id
        self.history = history
    }

    /// The number of the last cell that was stored.
    var executionCount: Int { count.load(ordering: .relaxed) }

    func advanceExecutionCount() -> Int { count.add(1, ordering: .relaxed).newValue }

    func start(for kernel: Kernel) {
        PlainThread(id == nil ? "cells" : "subshell", stack: Self.stack) { [self] in
            if id == nil { kernel.interpreter.prepare() }
            while let work = next() {
                let request = Request(
                    message: work.message, kernel: kernel, subshell: self, channel: work.channel)
                if work.isAborted {
                    request.refuse(Abortion.error(count: executionCount))
                } else {
                    request.answer(with: work.handler)
                }
                queue.change { $0.answered += 1 }
            }
        }.detach()
    }

    /// False when the subshell was deleted meanwhile.
    func enqueue(_ handler: RequestHandler, _ message: Message, from channel: Channel) -> Bool {
        queue.change { queue in
            guard !queue.isClosed else { return false }
            queue.waiting.append(Work(handler: handler, message: message, channel: channel))
            queue.come += 1
            return true
        }
    }

    /// The number of requests that have come so far.
    var arrivals: Int { queue.change { $0.come } }

    /// Waits until so many requests are answered, but not longer than that.
    func waitUntilAnswered(_ count: Int, seconds: Double) {
        _ = queue.wait(seconds: seconds) { $0.answered >= count ? true : nil }
    }

    /// The cells that wait now will be answered with an error instead of being run.
    func abortWaitingCells() {
        queue.change { queue in
            for index in queue.waiting.indices where queue.waiting[index].handler.runsCell {
                queue.waiting[index].isAborted = true
            }
        }
    }

    /// Ends the thread after what it is doing.
    func close() {
        queue.change { queue in
            queue.isClosed = true
            for index in queue.waiting.indices { queue.waiting[index].isAborted = true }
        }
    }

    private func next() -> Work? {
        queue.wait { queue in
            if !queue.waiting.isEmpty { return .some(queue.waiting.removeFirst()) }
            return queue.isClosed ? .some(nil) : nil
        }
    }
}

/// Why a waiting request is answered without being handled.
enum Abortion {
    static func error(count: Int) -> ErrorReply {
        ErrorReply(
            name: "Aborted", value: "not run, because a cell before it failed or its subshell was deleted",
            executionCount: count)
    }
}
