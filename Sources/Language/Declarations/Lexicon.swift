import Diagnostics
import Display

/// Every verb of the language, with the names that only the session knows.
package struct Lexicon: Sendable {
    package let commands: [CommandDeclaration]
    /// Verbs that are none, and what to say to those who type them.
    private let foreign: [String: ForeignVerb]
    private let index: [String: Int]

    package init(_ commands: [CommandDeclaration], foreign: [ForeignVerb] = []) {
        self.commands = commands
        self.foreign = Dictionary(foreign.map { ($0.name, $0) }) { first, _ in first }
        var index: [String: Int] = [:]
        for (position, command) in commands.enumerated() {
            for name in [command.verb] + command.aliases {
                precondition(index[name] == nil, "two commands answer to \(name)")
                index[name] = position
            }
        }
        self.index = index
    }

    package subscript(verb: String) -> CommandDeclaration? {
        index[verb].map { commands[$0] }
    }

    package var verbs: [String] { commands.map(\.verb) }

    /// The verbs that lines up to `end` belong to, their aliases included.
    package var blockVerbs: Set<String> {
        Set(commands.filter(\.isBlock).flatMap { [$0.verb] + $0.aliases })
    }

    /// The groups in the order in which their first verbs were declared.
    package var groups: [CommandGroup] {
        commands.reduce(into: []) { groups, command in
            if !groups.contains(command.group) { groups.append(command.group) }
        }
    }

    /// - Returns: the statements, `verb?` as the help that it asks for, and pasted Python as a problem.
    package func parse(_ source: String) -> Script {
        var script = Parser.parse(source, blockVerbs: blockVerbs)
        let scalars = Array(source.unicodeScalars)
        script.statements = script.statements.map { understood($0, in: scalars) }
        return script
    }

    private func understood(_ statement: Statement, in source: [Unicode.Scalar]) -> Statement {
        var statement = answering(statement)
        if case .block(let invocation, let body, let isClosed) = statement.kind {
            let lines = body.map { understood($0, in: source) }
            statement.kind = .block(invocation, body: lines, isClosed: isClosed)
            return statement
        }
        let text = String(String.UnicodeScalarView(source[statement.span.start..<statement.span.end]))
        if let python = python(statement, text) { statement.problem = python }
        return statement
    }

    /// The verbs of lines and of the blocks among them, but for those that are none.
    package func commands(in lines: [Statement]) -> [CommandDeclaration] {
        lines.flatMap { line -> [CommandDeclaration] in
            switch line.kind {
            case .command(let invocation):
                [self[invocation.verb.text]].compactMap(\.self)
            case .block(let invocation, let body, _):
                [self[invocation.verb.text]].compactMap(\.self) + commands(in: body)
            case .assignment, .question, .show, .unreadable: []
            }
        }
    }

    /// - Throws: `unknown-verb` with the nearest one, or `planned-verb`.
    package func command(for verb: Name) throws -> CommandDeclaration {
        guard let command = self[verb.text] else { throw unknown(verb) }
        return command
    }

    private func unknown(_ verb: Name) -> Diagnostic {
        let text = verb.text.clipped(to: 80)
        if let known = foreign[verb.text.lowercased()] {
            return known.isPlanned
                ? Diagnostic(
                    "planned-verb", "\(text) is planned and not available yet", at: verb.span,
                    hint: known.hint)
                : Diagnostic("unknown-verb", "there is no verb \(text)", at: verb.span, hint: known.hint)
        }
        // IPython's `!ls` and `%time`.
        let hint =
            verb.text.first == "!" || verb.text.first == "%"
            ? "neither a shell nor IPython's magics are behind a cell; write help for the verbs"
            : closestName(to: verb.text, among: verbs + commands.flatMap(\.aliases)).map {
                "did you mean \($0)?"
            }
        return Diagnostic(
            "unknown-verb", "there is no verb \(text)", at: verb.span, hint: hint ?? "help lists the verbs")
    }

    /// What is said of a statement that was written for Python, pointing at the verb that does it here.
    private func python(_ statement: Statement, _ text: String) -> Diagnostic? {
        guard let pasted = PastedPython(text) else { return nil }
        let own = pasted.names.first.flatMap { self[$0]?.verb }.map {
            "write \($0) here; help \($0) explains it"
        }
        let hint = own ?? pasted.names.lazy.compactMap { foreign[$0.lowercased()]?.hint }.first
        // A value may look like a call: `title = film(1994)`.
        if case .assignment = statement.kind, statement.problem == nil, hint == nil { return nil }
        return Diagnostic(
            "python", "this reads as Python, which a cell does not run", at: statement.span,
            hint: hint ?? "write help, which lists the verbs of a cell")
    }

    /// The parameter of a key.
    ///
    /// - Throws: `unknown-key` with the verb that takes it, or with the nearest one.
    package func parameter(_ key: Name, of command: CommandDeclaration) throws -> ParameterDeclaration {
        if let parameter = command.parameter(named: key.text) { return parameter }
        let others = commands.filter { $0.parameter(named: key.text) != nil }.map(\.verb)
        let names = command.parameters.flatMap { [$0.name] + $0.aliases }
        let list = command.parameters.map(\.name).joined(separator: ", ")
        let near = closestName(to: key.text, among: names).map { "did you mean \($0)?" }
        let elsewhere =
            (1...2).contains(others.count)
            ? "\(others.joined(separator: " and ")) take\(others.count == 1 ? "s" : "") \(key.text)" : nil
        throw Diagnostic(
            "unknown-key", "\(command.verb) has no parameter \(key.text.clipped(to: 80))", at: key.span,
            hint: elsewhere ?? near ?? (list.isEmpty ? "it takes none" : "expected one of \(list)"))
    }
}

/// Looks up the names that only the session knows; the prefix helps with paths.
package typealias CandidateLookup = @Sendable (ValueSource, _ prefix: String) -> [Candidate]
