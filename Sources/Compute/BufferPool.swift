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
/// blocks together exceed by far what a recent round had in use goes back, and so does what three
/// rounds have not asked for.
///
/// A round is a step of every run that is in a step (see `StepMeter`): with one run, its step. So the
/// slowest says what is still asked for, and a quick run beside it ages nothing.
package final class BufferPool: Sendable {
    package static let shared = BufferPool()

    private struct Shelf {
        var free: [UInt] = []
        /// The round in which a block was last taken.
        var lastUse = 0
    }

    private struct Run {
        var isInStep = false
        /// The round in which a step of it last ended.
        var lastEnd: Int?
    }

    private struct State {
        var shelves: [Int: Shelf] = [:]
        var round = 0
        var runs: [ObjectIdentifier: Run] = [:]
        var bytesInUse = 0
        var bytesFree = 0
        /// The largest number of bytes in use at once in this round, and in the one before.
        var peak = 0
        var lastPeak = 0
        /// The smallest number of bytes in use at the end of a step: weights, an optimizer's state. Of
        /// the last round, and of this one so far.
        var lasting = 0
        var lastingSoFar = Int.max
        var freshAllocations = 0
    }

    /// Whether what is given back is filled with NaN, so that whoever still reads it is found out: for tests.
    package let poisons = Atomic<Bool>(false)

    private let state = Mutex(State())
    private static let roundsKept = 3
    /// Bytes beyond a round's peak that are kept at least.
    private static let slack = 16 << 20

    /// At least `count` floats, 64-byte aligned, and how many there are.
    func take(_ count: Int) -> (UnsafeMutablePointer<Float>, capacity: Int) {
        let wanted = Self.rounded(count)
        let (found, stale) = state.withLock { state -> ((UInt, Int)?, [(UInt, Int)]) in
            let found = Self.smallestFree(from: wanted, &state)
            state.bytesInUse += (found?.1 ?? wanted) * 4
            state.peak = max(state.peak, state.bytesInUse)
            guard found == nil else { return (found, []) }
            state.freshAllocations += 1
            // It comes to this shelf when it is given back, used in this round.
            state.shelves[wanted, default: Shelf()].lastUse = state.round
            return (nil, Self.surplus(&state))
        }
        for (address, capacity) in stale { Self.release(address, capacity: capacity) }
        if let (address, capacity) = found, let pointer = UnsafeMutablePointer<Float>(bitPattern: address) {
            return (pointer, capacity)
        }
        return (Self.allocate(wanted), wanted)
    }

    func give(_ pointer: UnsafeMutablePointer<Float>, capacity: Int) {
        if poisons.load(ordering: .relaxed) { pointer.update(repeating: .nan, count: capacity) }
        state.withLock { state in
            state.bytesInUse -= capacity * 4
            state.bytesFree += capacity * 4
            state.shelves[capacity, default: Shelf()].free.append(UInt(bitPattern: pointer))
        }
    }

    /// How often new memory had to be asked for: a test holds that steady steps add none.
    var freshAllocations: Int { state.withLock(\.freshAllocations) }

    var bytesFree: Int { state.withLock(\.bytesFree) }

    /// Of all who hold something: a measurement has the process to itself.
    package var bytesInUse: Int { state.withLock(\.bytesInUse) }

    // MARK: - Steps

    func beginStep(of run: ObjectIdentifier) {
        state.withLock { $0.runs[run, default: Run()].isInStep = true }
    }

    /// Ends the round with it, if no run whose step is under way has yet to end one: sizes that three
    /// rounds have not asked for are freed.
    func endStep(of run: ObjectIdentifier) {
        let stale = state.withLock { state -> [(UInt, Int)] in
            state.runs[run] = Run(isInStep: false, lastEnd: state.round)
            state.lastingSoFar = min(state.lastingSoFar, state.bytesInUse)
            let isRoundOver = state.runs.values.allSatisfy { !$0.isInStep || $0.lastEnd == state.round }
            return isRoundOver ? Self.endRound(&state) : []
        }
        for (address, capacity) in stale { Self.release(address, capacity: capacity) }
    }

    /// For a step that failed; what was learned of it stays.
    func leaveStep(of run: ObjectIdentifier) { state.withLock { $0.runs[run]?.isInStep = false } }

    func forget(_ run: ObjectIdentifier) { state.withLock { $0.runs[run] = nil } }

    private static func endRound(_ state: inout State) -> [(UInt, Int)] {
        var freed: [(UInt, Int)] = []
        for (capacity, shelf) in state.shelves where shelf.lastUse + roundsKept < state.round {
            freed += shelf.free.map { ($0, capacity) }
            state.bytesFree -= shelf.free.count * capacity * 4
            state.shelves[capacity]?.free = []
        }
        state.round += 1
        (state.lastPeak, state.peak) = (state.peak, state.bytesInUse)
        (state.lasting, state.lastingSoFar) = (state.lastingSoFar, .max)
        return freed
    }

    // MARK: - Shelves

    private static func smallestFree(from wanted: Int, _ state: inout State) -> (UInt, Int)? {
        var capacity = wanted
        while capacity <= 2 * wanted {
            if let address = state.shelves[capacity]?.free.popLast() {
                state.shelves[capacity]?.lastUse = state.round
                state.bytesFree -= capacity * 4
                return (address, capacity)
            }
            capacity = rounded(capacity + 1)
        }
        return nil
    }

    /// Takes the largest free blocks off the shelves until all is little more than a round needs.
    private static func surplus(_ state: inout State) -> [(UInt, Int)] {
        var freed: [(UInt, Int)] = []
        let peak = max(state.peak, state.lastPeak)
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
