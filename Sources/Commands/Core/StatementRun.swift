import Diagnostics
import Display
import JSON
import Language
import Training

/// One statement on its way: checked, bound, run, and its change of the session kept or dropped.
struct StatementRun {
    private let statement: Statement
    private let interpreter: CellInterpreter
    private let output: any Output
    private let interruption: Interruption
    /// The statements after it in the cell.
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
                if !statement.isQuiet { bundle = shown.mimeBundle() }
            }
        } catch is Interrupted {
            report.status = .interrupted
        } catch {
            report.status = .error
            report.diagnostic = located(error)
        }
        report.seconds = now() - start
        report.mimeTypes = bundle?.data.keys ?? []
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
            assign(name, try session.state.variables.fill(expression, true))
            if !statement.isQuiet, let verb = interpreter.vocabulary[name.text]?.verb {
                output.note(
                    "this sets the variable $\(name.text); the verb is written without an equals sign: "
                        + "\(verb) \(expression.source.clipped(to: 40))")
            }
            return nil
        case .question(let name, let prompt, let isSecret):
            assign(name, .text(try ask(name, prompt, isSecret)))
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

    private func assign(_ name: Name, _ value: Literal) {
        let base = interpreter.session.state
        var state = base
        state.variables[name.text] = value
        interpreter.session.adopt(state, since: base)
    }

    private func ask(_ name: Name, _ prompt: Expression?, _ isSecret: Bool) throws -> String {
        let text = try prompt.map { try interpreter.session.state.variables.fill($0).plain } ?? name.text
        let question = text.hasSuffix(" ") || text.hasSuffix(":") ? text : text + ": "
        return try output.input(prompt: question, isPassword: isSecret)
    }

    private func run(_ invocation: Invocation, body: [Statement]) throws -> (any Displayable)? {
        let binder = interpreter.binder
        try binder.check(invocation)
        guard let command = interpreter.command(for: invocation.verb.text) else {
            throw Diagnostic("unknown-verb", "there is no verb \(invocation.verb.text)")
        }
        let declaration = command.declaration
        if declaration.isLong { try checkRest(before: invocation.verb.text) }
        // Values that do not fit yet may do so when its turn comes; until then it asks for all that it may touch.
        let early = try? binder.bind(invocation, variables: interpreter.session.state.variables)
        let all = declaration.uses.union(declaration.changes)
        if let done = try run(command, invocation, body, touching: early.map(command.touched) ?? all) {
            return done
        }
        return try run(command, invocation, body, touching: all) ?? nil
    }

    /// Runs it when its turn comes, with the values of that time; nil when they touch more than it has by then.
    private func run(
        _ command: any Command, _ invocation: Invocation, _ body: [Statement],
        touching resources: Set<Resource>
    ) throws -> (any Displayable)?? {
        let session = interpreter.session
        let declaration = command.declaration
        let others = session.leases.holders.filter { $0 != outer }.map(\.verb)
        let lease = Lease(declaration.verb, resources, isLong: declaration.isLong)
        return try session.leases.hold(
            lease, inside: outer, at: invocation.verb.span, interruption: interruption, note: output.note
        ) {
            // Only now: what another statement changed while this one waited is seen.
            let base = session.state
            let arguments = try interpreter.binder.bind(invocation, variables: base.variables)
            guard command.touched(by: arguments).isSubset(of: resources) else { return nil }
            for note in arguments.notes { output.note(note) }
            var context = Context(
                state: base, lease: lease, others: others, output: output, interruption: interruption,
                vocabulary: interpreter.vocabulary, surroundings: session.surroundings, team: session.team,
                body: body)
            do {
                let value = try command.run(arguments, in: &context)
                session.adopt(context.state, since: base)
                return .some(value)
            } catch {
                if let kept = context.kept { session.adopt(kept, since: base) }
                throw error
            }
        }
    }

    /// Reads the rest of the cell before minutes of work, so that a slip in it is found first.
    private func checkRest(before verb: String) throws {
        for later in rest {
            do {
                if let problem = later.firstProblem { throw problem }
                if case .command(let invocation) = later.kind {
                    try interpreter.binder.check(invocation)
                }
            } catch let diagnostic as Diagnostic {
                var early = diagnostic
                let hint = diagnostic.hint.map { $0 + " " } ?? ""
                early.hint = hint + "(\(verb) on line \(statement.line) was not started)"
                throw early
            }
        }
    }
}
