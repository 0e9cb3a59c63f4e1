/// Threads sleep before it until a claim holds.
package final class Gate: Sendable {
    private let condition = Condition()

    package init() {}

    /// Wakes everyone who waits; the claim must have become true before.
    package func open() {
        condition.lock()
        condition.wakeAll()
        condition.unlock()
    }

    package func wait(until claim: () -> Bool) {
        condition.lock()
        while !claim() { condition.sleep() }
        condition.unlock()
    }
}
