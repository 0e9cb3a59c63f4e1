import Diagnostics

/// `lora?`, `?lora`, `lora r?` and `lora r=?` as the help that they ask for.
extension Lexicon {
    /// The verb that explains verbs.
    package static let helpVerb = "help"

    func answering(_ statement: Statement) -> Statement {
        guard case .command(let invocation) = statement.kind, self[Self.helpVerb] != nil,
            let asked = question(of: invocation)
        else { return statement }
        let span = invocation.verb.span
        let words = asked.map { name in
            Argument(
                key: nil,
                value: Expression(kind: .word([.bare(name.text)]), span: name.span, source: name.text),
                span: name.span)
        }
        var answered = statement
        answered.kind = .command(Invocation(verb: Name(Self.helpVerb, at: span), arguments: words))
        return answered
    }

    /// The words that are asked about, or nil when nothing is asked.
    private func question(of invocation: Invocation) -> [Name]? {
        let verb = invocation.verb
        let name = verb.text.trimming("?")
        let rest = invocation.arguments.compactMap(word)
        if name != verb.text {
            guard rest.count == invocation.arguments.count else { return nil }
            return ((name.isEmpty ? [] : [Name(name, at: verb.span)]) + rest).map { part in
                Name(part.text.trimming("?"), at: part.span)
            }.filter { !$0.text.isEmpty }
        }
        guard let command = self[name], invocation.arguments.count == 1, let argument = rest.first,
            !command.positional.contains(where: \.joinsWords)
        else { return nil }
        let key = argument.text.trimming("?")
        guard key != argument.text, key.isEmpty || command.knows(key) else { return nil }
        return [verb] + (key.isEmpty ? [] : [Name(key, at: argument.span)])
    }

    /// `r?`, or `r` of `r=?`.
    private func word(_ argument: Argument) -> Name? {
        let value = argument.value?.source ?? ""
        guard let key = argument.key else { return Name(value, at: argument.span) }
        return !value.isEmpty && value.trimming("?").isEmpty ? Name(key.text + "?", at: key.span) : nil
    }
}

extension String {
    fileprivate func trimming(_ mark: Character) -> String {
        var rest = self[...]
        while rest.first == mark { rest.removeFirst() }
        while rest.last == mark { rest.removeLast() }
        return String(rest)
    }
}
