import Foundation

/// A value behind a lock on which threads can wait for the value to change.
package final class Monitor<Value>: @unchecked Sendable {
    private let condition = Condition()
    private var value: Value

    package init(_ value: sending Value) { self.value = value }

    /// Changes the value and lets every waiting thread look again.
    package func change<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        condition.lock()
        defer {
            condition.wakeAll()
            condition.unlock()
        }
        return try body(&value)
    }

    /// Waits until `body` has an answer.
    package func wait<Result>(until body: (inout Value) -> Result?) -> Result {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let result = body(&value) { return result }
            condition.sleep()
        }
    }

    /// Waits until `body` has an answer, or gives up after so many seconds.
    package func wait<Result>(seconds: Double, until body: (inout Value) -> Result?) -> Result? {
        var limit = timespec()
        clock_gettime(CLOCK_REALTIME, &limit)
        let end = Double(limit.tv_nsec) / 1e9 + seconds
        limit.tv_sec += Int(end)
        limit.tv_nsec = Int((end - end.rounded(.down)) * 1e9)
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let result = body(&value) { return result }
            if !condition.sleep(until: &limit) { return body(&value) }
        }
    }
}
