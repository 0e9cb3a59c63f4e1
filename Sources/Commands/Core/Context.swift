import Compute
import Diagnostics
import Display
import Fetching
import Language
import Training

/// What a command works with: the session's state, and the ways out and back in.
package struct Context {
    /// A copy; what is changed in it becomes the session's when the command returns.
    package var state: SessionState
    /// What stays although the command is interrupted or fails after it.
    private(set) var kept: SessionState?
    /// What the statement, and those that stand in it, have to themselves.
    let lease: Lease
    /// The verbs that are at work in other subshells.
    let others: [String]

    package let output: any Output
    package let interruption: Interruption
    private let interpreter: CellInterpreter
    /// The lines of a block command, as written.
    package let body: [Statement]

    init(
        state: SessionState, lease: Lease, others: [String], output: any Output, interruption: Interruption,
        interpreter: CellInterpreter, body: [Statement]
    ) {
        self.state = state
        self.lease = lease
        self.others = others
        self.output = output
        self.interruption = interruption
        self.interpreter = interpreter
        self.body = body
    }

    package var lexicon: Lexicon { interpreter.lexicon }

    package var surroundings: Surroundings { interpreter.session.surroundings }

    package var workers: Workers { interpreter.session.team.workers(state.settings.workers) }

    /// What runs the lines of a block command, once or for each choice among their alternatives.
    package var executor: BlockExecutor {
        BlockExecutor(lease: lease, interpreter: interpreter, output: output, interruption: interruption)
    }

    /// The places in the lines of a block command where one of several values is to stand.
    package func alternatives() throws -> [Alternatives] { try state.variables.alternatives(in: body) }

    /// Where runs lie; nil where nothing is written.
    package var runPlace: RunPlace? { (state.settings.runs ?? surroundings.runs).map { RunPlace($0) } }

    /// Loads something with what that may use: the cache, the network, and a line that says what is being fetched, which
    /// goes once it is there.
    func loading<Result>(_ load: (FetchContext) throws -> Result) throws -> Result {
        let id = "lorikeet-" + surroundings.freshName()
        var isShown = false
        let loading = FetchContext(
            cache: CacheFolder(environment: surroundings.environment), client: surroundings.client,
            environment: surroundings.environment,
            progress: { [output] text in
                let bundle = MimeBundle(plain: text)
                if isShown { output.update(bundle, id: id) } else { output.display(bundle, id: id) }
                isShown = true
            }, interruption: interruption)
        let loaded = try load(loading)
        if isShown, output.updatesInPlace { output.update(MimeBundle(plain: ""), id: id) }
        return loaded
    }

    /// Keeps what is changed so far, whatever comes of the rest.
    package mutating func keep() { kept = state }

    /// Shows something before the command is done (a plan).
    package func display(_ value: any Displayable) {
        output.display(value.mimeBundle(), id: nil)
    }
}
