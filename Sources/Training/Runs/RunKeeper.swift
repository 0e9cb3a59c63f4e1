import Diagnostics

/// Writes a run's states as its plan says, and lets the run live on where they cannot be written.
///
/// The store is opened when the first state comes, so that a run that is over soon leaves nothing behind.
package final class RunKeeper {
    private let plan: StatePlan
    private let open: () throws -> any RunStore
    private let entry: (RunEntry.Status, RunState?) throws -> RunEntry
    private let now: () -> Double
    private var store: (any RunStore)?
    /// When the last state was written, and how many seconds that took.
    private var last: (step: Int, time: Double, cost: Double)
    private var hasFailed = false
    /// Whether something of this run lies in the store.
    private var hasWritten = false
    package private(set) var tally = StateTally()

    /// - `isResumed`: whether what lies in the store is this run's.
    /// - `entry`: how the run is noted; without a state before there is one.
    /// - `now`: seconds on a clock.
    package init(
        _ plan: StatePlan, from step: Int = 0, isResumed: Bool = false, now: @escaping () -> Double,
        entry: @escaping (RunEntry.Status, RunState?) throws -> RunEntry,
        opening open: @escaping () throws -> any RunStore
    ) {
        (self.plan, self.open, self.entry, self.now) = (plan, open, entry, now)
        last = (step, now(), 0)
        hasWritten = isResumed
    }

    /// One that keeps nothing.
    package static var silent: RunKeeper {
        struct Nothing: Error {}
        return RunKeeper(
            StatePlan(seconds: nil), now: { 0 }, entry: { _, _ in throw Nothing() },
            opening: { MemoryRunStore() })
    }

    func keepIfDue(_ step: Int, _ state: () -> RunState) -> RunEvent? {
        guard plan.isDue(step: step, lastStep: last.step, since: now() - last.time, cost: last.cost) else {
            return nil
        }
        return keep(state(), as: .running)
    }

    /// Writes a state now.
    ///
    /// - Returns: nil where it failed again, which was said before.
    @discardableResult
    package func keep(_ state: RunState, as status: RunEntry.Status) -> RunEvent? {
        let (began, wasSaid) = (now(), hasFailed)
        defer { last = (state.step, now(), now() - began) }
        do {
            let store = try opened()
            // Where nothing is known of the run yet, that comes first: a state alone could not be gone on with. A
            // status comes after the state that it speaks of.
            if !store.hasEntry {
                try store.note(entry(.running, nil))
                hasWritten = true
            }
            let bytes = try store.write(state)
            try store.note(entry(status, state))
            // Until then it may come to nothing.
            if status != .running { store.removeFormer() }
            hasWritten = true
            tally.add(bytes: bytes, seconds: now() - began)
            hasFailed = false
            return .state(bytes: bytes, seconds: now() - began)
        } catch {
            defer { hasFailed = true }
            return wasSaid ? nil : .unwritten(error as? Diagnostic ?? Diagnostic("cannot-write", "\(error)"))
        }
    }

    /// Notes the run, so that it is known from its beginning on; an earlier one of its name stays until there is a
    /// state to take its place.
    ///
    /// - Throws: `busy`; what keeps it from being written.
    package func begin() throws {
        try saidOnce {
            let store = try opened()
            guard !store.hasEntry, !store.hasFormer else { return }
            try store.note(entry(.running, nil))
            hasWritten = true
        }
    }

    /// Takes the store at once, so that nobody else goes on with the run meanwhile.
    ///
    /// - Throws: `busy`; what keeps it from being written.
    package func claim() throws { try saidOnce { _ = try opened() } }

    /// Forgets what was written; what an earlier run left is not ours to remove.
    package func remove() {
        if hasWritten { try? store?.remove() }
        store = nil
    }

    private func opened() throws -> any RunStore {
        if let store { return store }
        let made = try open()
        store = made
        return made
    }

    /// Whoever asked says what fails here, and `keep` does not say it again.
    private func saidOnce(_ work: () throws -> Void) throws {
        do { try work() } catch {
            hasFailed = true
            throw error
        }
    }
}
