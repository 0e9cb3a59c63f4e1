import Foundation

/// A mutex and its condition variable, which `Synchronization.Mutex` has none of: pthread's pair.
final class Condition: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func lock() { pthread_mutex_lock(mutex) }
    func unlock() { pthread_mutex_unlock(mutex) }

    /// Lets every thread that sleeps look again.
    func wakeAll() { pthread_cond_broadcast(condition) }

    /// Lets go of the lock until something wakes it, for whatever reason.
    func sleep() { pthread_cond_wait(condition, mutex) }

    /// The same, but no longer than until a time of the wall clock.
    ///
    /// - Result: whether there is time left.
    func sleep(until limit: inout timespec) -> Bool {
        pthread_cond_timedwait(condition, mutex, &limit) != ETIMEDOUT
    }
}
