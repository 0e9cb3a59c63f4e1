import Diagnostics
import Display
import JSON
import Language

/// One statement on its way: checked, bound, run, and its change of the session kept or dropped.
struct StatementRun {
    private let statement: Statement
    private let interpreter: CellInterpreter
    private let output: any Output
    private let interruption: Interruption
    /// The statements after it in the cell or the block.
    private let rest: ArraySlice<Statement>
    /// What the block has to itself that the statement stands in.
    private let outer: Lease?

    init(
        _ statement: Statement, interpreter: CellInterpreter, output: any Output,
        interruption: Interruption, rest: ArraySlice<Statement> = [], inside outer: Lease? = nil
    ) {
        self.statement = statement
        self.interpreter = interpreter
        self.output = output
        self.interruption = interruption
        self.rest = rest
        self.outer = outer
    }

    func run() -> (report: StatementReport, bundle: MimeBundle?) {
        let now = interpreter.session.surroundings.now
        let start = now()
        var report = StatementReport(
            verb: verb, line: statement.line, status: .ok, seconds: 0, value: .null, mimeTypes: [])
        var bundle: MimeBundle?
        do {
            try interruption.check()
            if let shown = try evaluate() {
                report.value = shown.value
                if !statement.isQuiet {
                    let made = shown.mimeBundle()
                    report.mimeTypes = made.data.keys
                    if !shown.isShown { bundle = made }
                }
            }
        } catch let stop as Interrupted {
            (report.status, report.isStopSaid) = (.interrupted, stop.isSaid)
        } catch {
            report.status = .error
            report.diagnostic = located(error)
        }
        report.seconds = now() - start
        return (report, bundle)
    }

    private var verb: String {
        switch statement.kind {
        case .assignment, .question: "="
        case .show: "$"
        case .command, .block: statement.head
        case .unreadable: ""
        }
    }

    private func located(_ error: any Error) -> Diagnostic {
        let place =
            switch statement.kind {
            case .command(let invocation), .block(let invocation, _, _): invocation.verb.span
            default: statement.span
            }
        let diagnostic = error as? Diagnostic ?? Diagnostic("failed", "\(error)")
        return diagnostic.located(at: place)
    }

    // MARK: - Each kind of statement

    private func evaluate() throws -> (any Displayable)? {
        if let problem = statement.firstProblem { throw problem }
        let session = interpreter.session
        switch statement.kind {
        case .assignment(let name, let expression):
            try session.change { $0.variables[name.text] = try $0.variables.fill(expression, true) }
            if !statement.isQuiet, let verb = interpreter.lexicon[name.text]?.verb {
                output.note(
                    "this sets the variable $\(name.text); the verb is written without an equals sign: "
                        + "\(verb) \(expression.source.clipped(to: 40))")
            }
            return nil
        case .question(let name, let prompt, let isSecret):
            try session.change {
                $0.variables[name.text] = .text(try ask(name, prompt, isSecret, $0.variables))
            }
            return nil
        case .show(let expression):
            let literal = try session.state.variables.fill(expression)
            return Message(literal.plain, value: literal.json, isWrapped: false)
        case .command(let invocation):
            return try run(invocation, body: [])
        case .block(let invocation, let body, _):
            return try run(invocation, body: body)
        case .unreadable:
            throw Diagnostic("unreadable", "this line is no statement", at: statement.span)
        }
    }

    private func ask(
        _ name: Name, _ prompt: Expression?, _ isSecret: Bool, _ variables: Variables
    ) throws -> String {
        let text = try prompt.map { try variables.fill($0).plain } ?? name.text
        let question = text.hasSuffix(" ") || text.hasSuffix(":") ? text : text + ": "
        return try output.input(prompt: question, isPassword: isSecret)
    }

    private func run(_ invocation: Invocation, body: [Statement]) throws -> (any Displayable)? {
        let before = interpreter.session.state
        let binder = interpreter.binder(in: before)
        try binder.check(statement)
        guard let (command, declared) = interpreter.command(for: invocation.verb.text) else {
            throw Diagnostic("unknown-verb", "there is no verb \(invocation.verb.text)")
        }
        let lines = interpreter.lexicon.commands(in: body)
        let isLong = ([declared] + lines).contains(where: \.isLong)
        if isLong { try checkRest(with: binder) }
        // What it touches its values say, which may be others when its turn comes, and fit only then. If that is
        // more, it asks for all that it may touch.
        let all = declared.touches
        let early = try? binder.bind(invocation, variables: before.variables)
        for touched in [early.flatMap(command.touched) ?? all, all] {
            let needed = lines.reduce(touched) { $0.union($1.touches) }
            let lease = Lease(declared.verb, needed, isLong: isLong, inside: outer)
            if let ended = try run(command, invocation, body, touching: touched, of: all, under: lease) {
                return try ended.get()
            }
        }
        return nil
    }

    /// How a command ended; what it has said to keep is kept also when it failed.
    private typealias Ending = Result<(any Displayable)?, any Error>

    /// Runs it when its turn comes, with the values of that time; nil when they touch more than `resources`, up to `all`.
    private func run(
        _ command: any Command, _ invocation: Invocation, _ body: [Statement],
        touching resources: Set<Resource>, of all: Set<Resource>, under lease: Lease
    ) throws -> Ending? {
        let session = interpreter.session
        let others = session.leases.holders(beside: lease).map(\.verb)
        return try session.leases.hold(
            lease, at: invocation.verb.span, interruption: interruption, note: output.note
        ) {
            // Only now: what another statement changed while this one waited is seen.
            try session.change { state -> Ending? in
                let binder = interpreter.binder(in: state)
                let arguments = try binder.bind(invocation, variables: state.variables)
                guard (command.touched(by: arguments) ?? all).isSubset(of: resources) else { return nil }
                for note in arguments.notes { output.note(note) }
                var context = Context(
                    state: state, lease: lease, others: others, output: output, interruption: interruption,
                    interpreter: interpreter, body: body)
                do {
                    let value = try Interruption.$current.withValue(context.interruption) {
                        try command.run(arguments, in: &context)
                    }
                    state = context.state
                    return .success(value)
                } catch {
                    state = context.kept ?? state
                    return .failure(error)
                }
            }
        }
    }

    /// Reads the rest before minutes of work, so that a slip in it is found first.
    private func checkRest(with binder: Binder) throws {
        for later in rest {
            do {
                try binder.check(later)
            } catch let diagnostic as Diagnostic {
                var early = diagnostic
                let hint = diagnostic.hint.map { $0 + " " } ?? ""
                early.hint = hint + "(\(statement.head) on line \(statement.line) was not started)"
                throw early
            }
        }
    }
}
