/* Lets ThreadSanitizer see what Swift's Mutex orders.
 *
 * A mutex that is free is taken in the caller's own, instrumented code. One that is held is waited for within
 * libswiftSynchronization, which is not instrumented, and what the lock orders then looks like a race. This waits in its
 * place, where it is seen; since nobody sleeps, unlocking never goes the long way either. For `make tsan` alone.
 */
#include <sched.h>
#include <stdint.h>

__attribute__((swiftcall)) void wait_for(uint32_t thread, __attribute__((swift_context)) _Atomic uint32_t *mutex)
    __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");

__attribute__((swiftcall)) void wait_for(uint32_t thread, __attribute__((swift_context)) _Atomic uint32_t *mutex) {
    for (;;) {
        uint32_t free = 0;
        if (__c11_atomic_compare_exchange_strong(mutex, &free, thread, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) return;
        sched_yield();
    }
}
