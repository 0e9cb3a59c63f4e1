import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Memory that steps use again and again: after the first step nothing large is allocated.
///
/// Capacities are rounded up to eighths of a power of two, so that batches of nearly one size
/// share. What no step has asked for lately goes back to the system (`endStep`).
package final class BufferPool: Sendable {
    package static let shared = BufferPool()

    private struct Shelf {
        var free: [UInt] = []
        var lastUse = 0
    }

    private struct State {
        var shelves: [Int: Shelf] = [:]
        var step = 0
        var bytesInUse = 0
        var peakBytesInUse = 0
        var freshAllocations = 0
    }

    private let state = Mutex(State())
    private static let stepsKept = 3

    /// At least `count` floats, 64-byte aligned, and how many there are.
    func take(_ count: Int) -> (UnsafeMutablePointer<Float>, capacity: Int) {
        let capacity = Self.rounded(count)
        let recycled = state.withLock { state -> UInt? in
            state.bytesInUse += capacity * 4
            state.peakBytesInUse = max(state.peakBytesInUse, state.bytesInUse)
            state.shelves[capacity, default: Shelf()].lastUse = state.step
            let address = state.shelves[capacity]?.free.popLast()
            if address == nil { state.freshAllocations += 1 }
            return address
        }
        if let recycled, let pointer = UnsafeMutablePointer<Float>(bitPattern: recycled) {
            return (pointer, capacity)
        }
        return (Self.allocate(capacity), capacity)
    }

    func give(_ pointer: UnsafeMutablePointer<Float>, capacity: Int) {
        state.withLock { state in
            state.bytesInUse -= capacity * 4
            state.shelves[capacity, default: Shelf()].free.append(UInt(bitPattern: pointer))
        }
    }

    /// Marks the end of a step: sizes that three steps have not asked for are freed.
    package func endStep() {
        release { $0.lastUse + Self.stepsKept < $1 }
        state.withLock { $0.step += 1 }
    }

    /// Frees everything that is not in use.
    package func empty() {
        release { _, _ in true }
    }

    package var bytesInUse: Int { state.withLock(\.bytesInUse) }

    /// The largest number of bytes in use at once since the last `resetPeak`.
    package var peakBytesInUse: Int { state.withLock(\.peakBytesInUse) }

    /// How often new memory had to be asked for: a test holds that steady steps add none.
    package var freshAllocations: Int { state.withLock(\.freshAllocations) }

    package func resetPeak() { state.withLock { $0.peakBytesInUse = $0.bytesInUse } }

    private func release(_ isStale: (Shelf, _ step: Int) -> Bool) {
        let addresses = state.withLock { state -> [UInt] in
            var freed: [UInt] = []
            for (capacity, shelf) in state.shelves where isStale(shelf, state.step) {
                freed += shelf.free
                state.shelves[capacity]?.free = []
            }
            return freed
        }
        for address in addresses { free(UnsafeMutableRawPointer(bitPattern: address)) }
    }

    private static func rounded(_ count: Int) -> Int {
        guard count > 256 else { return 256 }
        let step = 1 << max(4, Int.bitWidth - count.leadingZeroBitCount - 4)
        return (count + step - 1) / step * step
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Float> {
        let bytes = capacity * 4
        let hugePage = 2 << 20
        var raw: UnsafeMutableRawPointer?
        let status = posix_memalign(&raw, bytes >= 2 * hugePage ? hugePage : 64, bytes)
        guard status == 0, let raw else { preconditionFailure("no memory for \(bytes) bytes") }
        #if os(Linux)
            if bytes >= 2 * hugePage { madvise(raw, bytes, MADV_HUGEPAGE) }
        #endif
        return raw.bindMemory(to: Float.self, capacity: capacity)
    }
}
