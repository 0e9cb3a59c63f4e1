#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A condition variable: threads sleep until a claim holds.
package final class Gate: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    package init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Wakes everyone who waits; the claim must have become true before.
    package func open() {
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    package func wait(until claim: () -> Bool) {
        pthread_mutex_lock(mutex)
        while !claim() { pthread_cond_wait(condition, mutex) }
        pthread_mutex_unlock(mutex)
    }
}
