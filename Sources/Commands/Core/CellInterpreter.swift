import Diagnostics
import Display
import JSON
import Language

/// Evaluates cells in a session: the same for a kernel, a script and a test.
package final class CellInterpreter: Sendable {
    package let session: Session
    package let lexicon: Lexicon
    private let commands: [String: any Command]

    package init(session: Session, commands: [any Command] = CommandRegistry.commands) {
        self.session = session
        let declared = commands.map(\.declaration)
        lexicon = Lexicon(declared, foreign: ForeignVerbs.beside(declared))
        self.commands = Dictionary(uniqueKeysWithValues: zip(declared.map(\.verb), commands))
    }

    private init(_ other: CellInterpreter, in session: Session) {
        self.session = session
        lexicon = other.lexicon
        commands = other.commands
    }

    /// The same verbs in another session.
    func inside(_ session: Session) -> CellInterpreter { CellInterpreter(self, in: session) }

    /// Runs the statements one after the other; stops at the first that fails.
    ///
    /// - `report`: called as each statement ends.
    package func run(
        cell source: String, output: any Output, interruption: Interruption,
        report: (StatementReport) -> Void = { _ in }
    ) -> CellOutcome {
        let (reports, last) = run(
            lexicon.parse(source).statements, output: output, interruption: interruption, report: report)
        let ending: CellOutcome.Ending
        switch reports.last?.status {
        case .ok, nil: ending = .finished(last)
        case .interrupted: ending = .interrupted(isSaid: reports.last?.isStopSaid ?? false)
        case .error:
            let diagnostic = reports.last?.diagnostic ?? Diagnostic("failed", "the statement failed")
            ending = .failed(DiagnosticReport(diagnostic, in: source))
        }
        return CellOutcome(ending: ending, statements: reports)
    }

    /// Runs statements of a cell or of a block; stops at the first that fails.
    ///
    /// - `outer`: what their block has to itself.
    /// - Returns: a report for each that ran, and what the last one has to show; earlier ones are displayed.
    func run(
        _ statements: [Statement], inside outer: Lease? = nil, output: any Output,
        interruption: Interruption, report: (StatementReport) -> Void = { _ in }
    ) -> (reports: [StatementReport], last: MimeBundle?) {
        var reports: [StatementReport] = []
        var last: MimeBundle?
        for (index, statement) in statements.enumerated() {
            if let last { output.display(last, id: nil) }
            let run = StatementRun(
                statement, interpreter: self, output: output, interruption: interruption,
                rest: statements[(index + 1)...], inside: outer)
            let ended = run.run()
            reports.append(ended.report)
            report(ended.report)
            last = ended.bundle
            guard ended.report.status == .ok else { break }
        }
        return (reports, last)
    }

    /// With what the lexicon knows of it.
    func command(for verb: String) -> (any Command, CommandDeclaration)? {
        guard let declared = lexicon[verb], let command = commands[declared.verb] else { return nil }
        return (command, declared)
    }

    var binder: Binder { binder(in: session.state) }

    func binder(in state: SessionState) -> Binder {
        Binder(lexicon, candidates: candidates(in: state))
    }

    func candidates(in state: SessionState) -> CandidateLookup {
        let environment = session.surroundings.environment
        return { [lexicon] source, prefix in
            Candidates.known(
                for: source, prefix: prefix, in: state, of: lexicon, environment: environment)
        }
    }

    // MARK: - What a front end asks beside running

    /// The value of an expression for `user_expressions`: `$name`, `name`, or a last metric.
    package func evaluate(expression: String) -> Result<MimeBundle, Diagnostic> {
        let state = session.state
        let name = expression.drop { $0 == " " || $0 == "$" }.prefix { $0 != " " }
        if let value = state.variables[String(name)] { return .success(MimeBundle(plain: value.plain)) }
        if !expression.contains("$"), let metric = state.metrics[String(name)] {
            let text = metric.number.map(formatted) ?? metric.text()
            return .success(
                MimeBundle(data: [MimeType.plain: .string(text), MimeType.json: metric]))
        }
        let known = state.variables.names + state.metrics.keys
        return .failure(
            Diagnostic(
                "unknown-expression", "there is no variable or metric \(name)",
                hint: closestName(to: String(name), among: known).map { "did you mean \($0)?" }
                    ?? (known.isEmpty
                        ? "set a variable with name=value" : "known are \(known.joined(separator: ", "))")))
    }

    /// - `cursor`: in Unicode scalars.
    package func complete(_ source: String, cursor: Int) -> CompletionResult {
        let state = session.state
        return Completer(lexicon, variables: state.variables, candidates: candidates(in: state))
            .complete(source, cursor: cursor)
    }

    package func inspect(_ source: String, cursor: Int, detail: Int) -> MimeBundle? {
        let state = session.state
        return Inspector(lexicon, variables: state.variables, candidates: candidates(in: state))
            .inspect(source, cursor: cursor, detail: detail)?.mimeBundle()
    }

    package func completeness(of source: String) -> Completeness {
        Completeness(of: source, lexicon: lexicon, binder: binder)
    }
}
