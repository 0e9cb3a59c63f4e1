import Compute
import Synchronization

/// What a kernel or a script run remembers from statement to statement.
///
/// A statement works on a copy of the state; what it changed there is taken over when it succeeds. What is not
/// copied, the model's weights, it has to itself meanwhile.
package final class Session: Sendable {
    private let stored: Mutex<SessionState>
    package let surroundings: Surroundings
    package let team: WorkerTeam
    let leases: Leases

    package init(surroundings: Surroundings = .real) {
        self.surroundings = surroundings
        team = WorkerTeam()
        leases = Leases(now: surroundings.now)
        stored = Mutex(SessionState())
    }

    /// One for the lines of a block, with a state of its own; all else it has in common with the outer one.
    init(inside outer: Session, state: SessionState) {
        surroundings = outer.surroundings
        team = outer.team
        leases = outer.leases
        stored = Mutex(state)
    }

    package var state: SessionState {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }

    /// Works on a copy of the state as it is now; what it changed there is taken over unless it throws.
    func change<Result>(_ work: (inout SessionState) throws -> Result) rethrows -> Result {
        let base = state
        var copy = base
        let result = try work(&copy)
        adopt(copy, since: base)
        return result
    }

    /// Takes over what a statement changed; what another one changed beside it (in a subshell) stays.
    func adopt(_ changed: SessionState, since base: SessionState) {
        stored.withLock { $0.adopt(changed, since: base) }
    }
}
