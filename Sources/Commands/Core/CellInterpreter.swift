import Diagnostics
import Display
import JSON
import Language

/// Evaluates cells in a session: the same for a kernel, a script and a test.
package final class CellInterpreter: Sendable {
    package let session: Session
    package let vocabulary: Vocabulary
    private let commands: [String: any Command]

    package init(session: Session, commands: [any Command] = Registry.commands) {
        self.session = session
        vocabulary = Vocabulary(commands.map(\.declaration), foreign: ForeignVerbs.beside(commands))
        self.commands = Dictionary(uniqueKeysWithValues: commands.map { ($0.declaration.verb, $0) })
    }

    /// Runs the statements one after the other; stops at the first that fails.
    ///
    /// - `report`: called as each statement ends.
    package func run(
        cell source: String, output: any Output, interruption: Interruption,
        report: (StatementReport) -> Void = { _ in }
    ) -> CellOutcome {
        let statements = vocabulary.parse(source).statements
        var outcome = CellOutcome(ending: .finished(nil), statements: [])
        for (index, statement) in statements.enumerated() {
            let isLast = index == statements.count - 1
            let run = StatementRun(
                statement, interpreter: self, output: output, interruption: interruption,
                rest: statements[(index + 1)...])
            let ended = run.run()
            outcome.statements.append(ended.report)
            report(ended.report)
            switch ended.report.status {
            case .ok: break
            case .interrupted:
                outcome.ending = .interrupted
                return outcome
            case .error:
                let diagnostic = ended.report.diagnostic ?? Diagnostic("failed", "the statement failed")
                outcome.ending = .failed(DiagnosticReport(diagnostic, in: source))
                return outcome
            }
            guard let bundle = ended.bundle else { continue }
            if isLast {
                outcome.ending = .finished(bundle)
            } else {
                output.display(bundle, id: nil)
            }
        }
        return outcome
    }

    func command(for verb: String) -> (any Command)? {
        vocabulary[verb].flatMap { commands[$0.verb] }
    }

    var binder: Binder { Binder(vocabulary, candidates: candidates) }

    var candidates: CandidateLookup {
        let state = session.state
        let environment = session.surroundings.environment
        return { [vocabulary] source, prefix in
            Candidates.known(
                for: source, prefix: prefix, in: state, of: vocabulary, environment: environment)
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
        Completer(vocabulary, variables: session.state.variables, candidates: candidates)
            .complete(source, cursor: cursor)
    }

    package func inspect(_ source: String, cursor: Int, detail: Int) -> MimeBundle? {
        Inspector(vocabulary, variables: session.state.variables, candidates: candidates)
            .inspect(source, cursor: cursor, detail: detail)?.mimeBundle()
    }

    package func completeness(of source: String) -> Completeness {
        Completeness(of: source, vocabulary: vocabulary, binder: binder)
    }
}
