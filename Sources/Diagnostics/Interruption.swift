import Synchronization

/// A flag that asks long work to stop soon; long loops poll it.
///
/// Set from a signal handler, the control thread or a test; cleared when a cell begins.
package final class Interruption: Sendable {
    private let requested = Atomic<Bool>(false)

    /// That of the statement at work, for what is asked too deep to be handed it: a method's first values, which may take
    /// a decomposition of every matrix.
    @TaskLocal package static var current: Interruption?

    package init() {}

    package var isRequested: Bool { requested.load(ordering: .relaxed) }

    package func request() { requested.store(true, ordering: .relaxed) }

    package func clear() { requested.store(false, ordering: .relaxed) }

    /// Throws `Interrupted` when a stop was asked for.
    package func check() throws {
        if isRequested { throw Interrupted() }
    }
}

/// Thrown by work that stopped because it was asked to; what it had reached is kept.
package struct Interrupted: Error, Sendable {
    /// Whether a display says already that it was stopped, and what it has come to.
    package let isSaid: Bool

    package init(isSaid: Bool = false) { self.isSaid = isSaid }
}
