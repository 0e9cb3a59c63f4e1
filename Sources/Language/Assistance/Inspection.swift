import Diagnostics
import Display

/// Explains what stands at the cursor: a verb, a key, a value, a variable.
package struct Inspector: Sendable {
    private let lexicon: Lexicon
    private let variables: Variables
    private let candidates: CandidateLookup

    package init(_ lexicon: Lexicon, variables: Variables, candidates: @escaping CandidateLookup) {
        self.lexicon = lexicon
        self.variables = variables
        self.candidates = candidates
    }

    /// - `detail`: 0 for a tooltip, 1 for everything.
    package func inspect(_ source: String, cursor: Int, detail: Int) -> Documentation? {
        let script = lexicon.parse(source)
        guard let statement = statement(at: cursor, in: script.statements) else { return nil }
        switch statement.kind {
        case .command(let invocation), .block(let invocation, _, _):
            return explain(invocation, cursor: cursor, detail: detail)
        case .assignment(let name, let value):
            return variable(under: cursor, in: value) ?? explain(variable: name.text)
        case .show(let value):
            return variable(under: cursor, in: value)
        case .question(let name, _, _):
            return explain(variable: name.text)
        case .unreadable:
            return nil
        }
    }

    private func statement(at cursor: Int, in statements: [Statement]) -> Statement? {
        let found = statements.first { $0.span.start <= cursor && cursor <= $0.span.end }
        guard case .block(_, let body, _)? = found?.kind else { return found }
        return statement(at: cursor, in: body) ?? found
    }

    private func explain(_ invocation: Invocation, cursor: Int, detail: Int) -> Documentation? {
        guard let command = lexicon[invocation.verb.text] else { return nil }
        let help = Help(lexicon)
        guard let argument = invocation.arguments.first(where: { contains($0.span, cursor) }),
            !contains(invocation.verb.span, cursor)
        else { return detail > 0 ? help.page(for: command) : help.summary(of: command) }
        if let value = argument.value, let found = variable(under: cursor, in: value) { return found }
        guard let parameter = parameter(for: argument, of: invocation, command) else {
            return help.summary(of: command)
        }
        var page = help.explanation(of: parameter, in: command, detail: detail)
        if let value = argument.value, contains(value.span, cursor), let word = word(at: cursor, in: value),
            let meaning = meaning(of: word, as: parameter.type), !meaning.isEmpty
        {
            page.markdown = "**\(word.markdownEscaped)**: \(meaning.markdownEscaped)\n\n" + page.markdown
            page.plain = "\(word): \(meaning)\n\n" + page.plain
        }
        return page
    }

    private func parameter(
        for argument: Argument, of invocation: Invocation, _ command: CommandDeclaration
    ) -> ParameterDeclaration? {
        if let key = argument.key { return command.parameter(named: key.text) }
        let before = invocation.arguments.filter { $0.key == nil && $0.span.end < argument.span.start }.count
        let named = Set(invocation.arguments.compactMap { $0.key?.text })
        let free = command.positional.filter { parameter in !named.contains { parameter.answers(to: $0) } }
        let positional = before < free.count ? free[before] : free.last { $0.takesRest }
        guard let positional else { return argument.value.flatMap { command.parameter(named: $0.source) } }
        if case .name(_, isOpen: false) = positional.type { return positional }
        return argument.value.flatMap { command.parameter(named: $0.source) } ?? positional
    }

    // MARK: - Values

    private func word(at cursor: Int, in expression: Expression) -> String? {
        switch expression.kind {
        case .word(let pieces): plainText(pieces)
        case .list(let items), .alternatives(let items):
            items.first { contains($0.span, cursor) }.flatMap { word(at: cursor, in: $0) }
        case .range: nil
        }
    }

    private func meaning(of word: String, as type: ParameterType) -> String? {
        switch type {
        case .list(let item): meaning(of: word, as: item)
        case .choice(let choices): choices.first { $0.name == word || $0.aliases.contains(word) }?.doc
        case .name(let source, _): candidates(source, word).first { $0.name == word }?.doc
        case .integer, .number, .portion, .bytes, .flag, .text, .path: nil
        }
    }

    private func variable(under cursor: Int, in expression: Expression) -> Documentation? {
        switch expression.kind {
        case .word(let pieces):
            for case .variable(let name, let span) in pieces where contains(span, cursor) {
                return explain(variable: name)
            }
            return nil
        case .list(let items), .alternatives(let items):
            return items.compactMap { variable(under: cursor, in: $0) }.first
        case .range: return nil
        }
    }

    private func explain(variable name: String) -> Documentation? {
        let value = variables[name]?.source
        let plain = value.map { "$\(name) = \($0)" } ?? "$\(name) is not set yet"
        let markdown = value.map { "`$\(name)` = \($0.markdownEscaped)" } ?? "`$\(name)` is not set yet"
        return Documentation(markdown: markdown, plain: plain)
    }

    private func contains(_ span: SourceSpan, _ cursor: Int) -> Bool {
        span.start <= cursor && cursor <= span.end
    }
}
