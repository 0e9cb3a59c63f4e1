import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Memory that steps use again and again: after the first steps nothing large is allocated.
///
/// Capacities are rounded up to eighths of a power of two; a request is served by the smallest free
/// block of at most twice its size, so that batches of other lengths share what there is. What all
/// blocks together exceed by far what a recent step had in use goes back, and so does what three
/// steps have not asked for.
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
        var bytesFree = 0
        var peakBytesInUse = 0
        /// The largest number of bytes in use at once in this step, and in the one before.
        var stepPeak = 0
        var lastStepPeak = 0
        /// Bytes in use between the last two steps: weights, an optimizer's state.
        var lasting = 0
        var freshAllocations = 0
    }

    private let state = Mutex(State())
    private static let stepsKept = 3
    /// Bytes beyond a step's peak that are kept at least.
    private static let slack = 16 << 20

    /// At least `count` floats, 64-byte aligned, and how many there are.
    func take(_ count: Int) -> (UnsafeMutablePointer<Float>, capacity: Int) {
        let wanted = Self.rounded(count)
        let (found, stale) = state.withLock { state -> ((UInt, Int)?, [(UInt, Int)]) in
            let found = Self.smallestFree(from: wanted, &state)
            state.bytesInUse += (found?.1 ?? wanted) * 4
            state.peakBytesInUse = max(state.peakBytesInUse, state.bytesInUse)
            state.stepPeak = max(state.stepPeak, state.bytesInUse)
            guard found == nil else { return (found, []) }
            state.freshAllocations += 1
            return (nil, Self.surplus(&state))
        }
        for (address, capacity) in stale { Self.release(address, capacity: capacity) }
        if let (address, capacity) = found, let pointer = UnsafeMutablePointer<Float>(bitPattern: address) {
            return (pointer, capacity)
        }
        return (Self.allocate(wanted), wanted)
    }

    func give(_ pointer: UnsafeMutablePointer<Float>, capacity: Int) {
        state.withLock { state in
            state.bytesInUse -= capacity * 4
            state.bytesFree += capacity * 4
            state.shelves[capacity, default: Shelf()].free.append(UInt(bitPattern: pointer))
        }
    }

    /// Marks the end of a step: sizes that three steps have not asked for are freed.
    package func endStep() {
        releaseShelves { $0.lastUse + Self.stepsKept < $1 }
        state.withLock {
            $0.step += 1
            $0.lastStepPeak = $0.stepPeak
            $0.stepPeak = $0.bytesInUse
            $0.lasting = $0.bytesInUse
        }
    }

    /// Frees everything that is not in use.
    package func empty() {
        releaseShelves { _, _ in true }
    }

    package var bytesInUse: Int { state.withLock(\.bytesInUse) }

    /// The largest number of bytes in use at once since the last `resetPeak`.
    package var peakBytesInUse: Int { state.withLock(\.peakBytesInUse) }

    /// How often new memory had to be asked for: a test holds that steady steps add none.
    package var freshAllocations: Int { state.withLock(\.freshAllocations) }

    package func resetPeak() { state.withLock { $0.peakBytesInUse = $0.bytesInUse } }

    // MARK: - Shelves

    private static func smallestFree(from wanted: Int, _ state: inout State) -> (UInt, Int)? {
        var capacity = wanted
        while capacity <= 2 * wanted {
            if let address = state.shelves[capacity]?.free.popLast() {
                state.shelves[capacity]?.lastUse = state.step
                state.bytesFree -= capacity * 4
                return (address, capacity)
            }
            capacity = rounded(capacity + 1)
        }
        return nil
    }

    /// Takes the largest free blocks off the shelves until all is little more than a step needs.
    private static func surplus(_ state: inout State) -> [(UInt, Int)] {
        var freed: [(UInt, Int)] = []
        let peak = max(state.stepPeak, state.lastStepPeak)
        let limit = max(slack, (peak - state.lasting) / 16) + peak - state.bytesInUse
        guard state.bytesFree > limit else { return freed }
        for capacity in state.shelves.keys.sorted(by: >) {
            while state.bytesFree > limit, let address = state.shelves[capacity]?.free.popLast() {
                state.bytesFree -= capacity * 4
                freed.append((address, capacity))
            }
        }
        return freed
    }

    private func releaseShelves(_ isStale: (Shelf, _ step: Int) -> Bool) {
        let blocks = state.withLock { state -> [(UInt, Int)] in
            var freed: [(UInt, Int)] = []
            for (capacity, shelf) in state.shelves where isStale(shelf, state.step) {
                freed += shelf.free.map { ($0, capacity) }
                state.bytesFree -= shelf.free.count * capacity * 4
                state.shelves[capacity]?.free = []
            }
            return freed
        }
        for (address, capacity) in blocks { Self.release(address, capacity: capacity) }
    }

    private static func rounded(_ count: Int) -> Int {
        guard count > 256 else { return 256 }
        let step = 1 << max(4, Int.bitWidth - count.leadingZeroBitCount - 4)
        return (count + step - 1) / step * step
    }

    // MARK: - System

    private static let hugePage = 2 << 20
    /// From here on memory is mapped, so that what is freed leaves the process at once.
    private static let mappedBytes = 256 << 10

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Float> {
        let bytes = capacity * 4
        var raw: UnsafeMutableRawPointer?
        if bytes >= mappedBytes {
            let flags = MAP_PRIVATE | MAP_ANONYMOUS
            raw = mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0)
            if raw == MAP_FAILED { raw = nil }
            #if os(Linux)
                if let raw, bytes >= 2 * hugePage { madvise(raw, bytes, MADV_HUGEPAGE) }
            #endif
        } else if posix_memalign(&raw, 64, bytes) != 0 {
            raw = nil
        }
        guard let raw else { preconditionFailure("no memory for \(bytes) bytes") }
        return raw.bindMemory(to: Float.self, capacity: capacity)
    }

    private static func release(_ address: UInt, capacity: Int) {
        guard let raw = UnsafeMutableRawPointer(bitPattern: address) else { return }
        if capacity * 4 >= mappedBytes {
            munmap(raw, capacity * 4)
        } else {
            free(raw)
        }
    }
}
