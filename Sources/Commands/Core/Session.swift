import Diagnostics
import JSON
import Language
import Synchronization

/// What a kernel or a script run remembers from statement to statement.
///
/// A statement works on a copy of the state, which replaces it only when the statement succeeds.
package final class Session: Sendable {
    private let stored: Mutex<SessionState>
    package let surroundings: Surroundings
    package let team = WorkerTeam()

    package init(surroundings: Surroundings = .real) {
        self.surroundings = surroundings
        stored = Mutex(SessionState())
    }

    package var state: SessionState {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }
}

/// One moment of a session, as a value.
package struct SessionState: Sendable {
    package var variables = Variables()
    package var settings = Settings()
    package var engine = EngineState()
    /// The numbers of the last evaluation, for expressions such as `accuracy`.
    package var metrics: JSONObject = [:]

    package init() {}
}
