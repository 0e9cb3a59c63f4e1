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

    /// Takes over what a statement changed; what another one changed beside it (in a subshell) stays.
    func adopt(_ changed: SessionState, since base: SessionState) {
        stored.withLock { state in
            if changed.variables != base.variables { state.variables = changed.variables }
            if changed.settings != base.settings { state.settings = changed.settings }
            if changed.metrics != base.metrics { state.metrics = changed.metrics }
            if changed.engineVersion != base.engineVersion { state.engine = changed.engine }
        }
    }

    /// The verb that works on the model just now.
    private let worker = Mutex<String?>(nil)

    /// Runs work on the model, which only one statement at a time may do.
    ///
    /// - Throws: `busy` while another one is at it, in another subshell.
    func exclusively<Result>(_ verb: Name, _ work: () throws -> Result) throws -> Result {
        try worker.withLock { busy in
            if let busy {
                throw Diagnostic(
                    "busy", "\(verb.text) needs the model, and \(busy) is at work on it", at: verb.span,
                    hint: "wait for it, or interrupt it")
            }
            busy = verb.text
        }
        defer { worker.withLock { $0 = nil } }
        return try work()
    }
}

/// One moment of a session, as a value.
package struct SessionState: Sendable {
    package var variables = Variables()
    package var settings = Settings()
    package var engine = EngineState() {
        didSet { engineVersion += 1 }
    }
    /// Tells a changed engine from an unchanged one.
    private(set) var engineVersion = 0
    /// The numbers of the last evaluation, for expressions such as `accuracy`.
    package var metrics: JSONObject = [:]

    package init() {}
}
