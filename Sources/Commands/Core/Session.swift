import Synchronization

/// What a kernel or a script run remembers from statement to statement.
///
/// A statement works on a copy of the state; what it changed there is taken over when it succeeds. What is not
/// copied, the model's weights, it has to itself meanwhile.
package final class Session: Sendable {
    private let stored: Mutex<SessionState>
    package let surroundings: Surroundings
    package let team = WorkerTeam()
    let leases: Leases

    package init(surroundings: Surroundings = .real) {
        self.surroundings = surroundings
        leases = Leases(now: surroundings.now)
        stored = Mutex(SessionState())
    }

    package var state: SessionState {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }

    /// Takes over what a statement changed; what another one changed beside it (in a subshell) stays.
    func adopt(_ changed: SessionState, since base: SessionState) {
        stored.withLock { $0.adopt(changed, since: base) }
    }
}
