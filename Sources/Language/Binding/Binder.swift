import Diagnostics
import Display

/// Checks an invocation against its declaration and types its arguments.
package struct Binder: Sendable {
    private let lexicon: Lexicon
    private let candidates: CandidateLookup

    package init(_ lexicon: Lexicon, candidates: @escaping CandidateLookup) {
        self.lexicon = lexicon
        self.candidates = candidates
    }

    /// - Throws: a located diagnostic for the first thing that does not fit.
    package func bind(_ invocation: Invocation, variables: Variables) throws -> Arguments {
        let command = try lexicon.command(for: invocation.verb)
        var values: [String: Value] = [:]
        var spans: [String: SourceSpan] = [:]
        var passedOver: [String] = []
        let assigned = try assign(invocation, to: command)
        // What belongs to a choice is read when the choice is known.
        for isOwned in [false, true] {
            for (parameter, arguments) in assigned where (parameter.owners != nil) == isOwned {
                let keys = arguments.compactMap { $0.key?.text }
                guard let owned = parameter.owned(in: values, written: keys) else {
                    throw parameter.refusal(
                        in: values, at: arguments[0].span, written: keys.first, among: command.parameters)
                }
                guard let value = try value(of: owned, arguments, variables, &passedOver) else { continue }
                values[parameter.name] = value
                spans[parameter.name] = span(of: arguments)
            }
            for parameter in command.parameters
            where (parameter.owners != nil) == isOwned && values[parameter.name] == nil {
                if parameter.isRequired { throw missing(parameter, of: command, at: invocation.verb.span) }
                values[parameter.name] = parameter.owned(in: values)?.defaultValue
            }
        }
        return try Arguments(
            verb: invocation.verb, values: values, spans: spans,
            notes: passedOver + notes(invocation, of: command) { try variables.fill($0, true) })
    }

    /// Checks what can be known before anything runs, also of a block's lines, whose alternatives stay open.
    package func check(_ statement: Statement) throws {
        if let problem = statement.problem { throw problem }
        switch statement.kind {
        case .command(let invocation): try check(invocation)
        case .block(let invocation, let body, _):
            try check(invocation)
            for line in body { try check(line.undecided) }
        case .assignment, .question, .show, .unreadable: break
        }
    }

    /// Checks what can be known before anything runs: the verb, the keys, and other tools' settings.
    package func check(_ invocation: Invocation) throws {
        let command = try lexicon.command(for: invocation.verb)
        let assigned = try assign(invocation, to: command)
        for (_, arguments) in assigned {
            for argument in arguments { _ = try written(argument) }
        }
        try refuseKeysOfOthers(among: assigned, of: command)
        // What a variable holds when the statement's turn comes is not known yet.
        _ = try notes(invocation, of: command) { $0.hasVariable ? nil : try Variables().fill($0, true) }
    }

    /// Looks for keys that belong to another choice than the one that is written or usual.
    private func refuseKeysOfOthers(
        among assigned: [(parameter: ParameterDeclaration, arguments: [Argument])],
        of command: CommandDeclaration
    ) throws {
        for (parameter, arguments) in assigned {
            guard let key = parameter.owners?.key, let chooser = command.parameter(named: key) else {
                continue
            }
            var choice = chooser.defaultValue
            if let chosen = assigned.first(where: { $0.parameter.name == key })?.arguments {
                guard try chosen.allSatisfy({ try !written($0).hasVariable }) else { continue }
                var passedOver: [String] = []
                choice = try value(of: chooser, chosen, Variables(), &passedOver) ?? choice
            }
            let values = choice.map { [key: $0] } ?? [:]
            let keys = arguments.compactMap { $0.key?.text }
            if parameter.owned(in: values, written: keys) == nil {
                throw parameter.refusal(
                    in: values, at: arguments[0].span, written: keys.first, among: command.parameters)
            }
        }
    }

    // MARK: - Which argument is which parameter

    private func assign(
        _ invocation: Invocation, to command: CommandDeclaration
    ) throws -> [(ParameterDeclaration, [Argument])] {
        var assigned: [(parameter: ParameterDeclaration, arguments: [Argument])] = []
        for (index, argument) in invocation.arguments.enumerated() {
            let parameter: ParameterDeclaration
            if let key = argument.key {
                if command.foreignKey(named: key.text) != nil { continue }
                parameter = try lexicon.parameter(key, of: command)
            } else {
                let free = command.positional.first { candidate in
                    candidate.takesRest || !assigned.contains { $0.parameter.name == candidate.name }
                }
                guard let free else {
                    throw surplus(
                        argument, before: invocation.arguments.dropFirst(index + 1).first, of: command)
                }
                parameter = free
            }
            guard let known = assigned.firstIndex(where: { $0.parameter.name == parameter.name }) else {
                assigned.append((parameter, [argument]))
                continue
            }
            guard parameter.takesRest, argument.key == nil, assigned[known].arguments[0].key == nil else {
                throw Diagnostic(
                    "given-twice", "\(parameter.name) is given twice", at: argument.span,
                    hint: "keep one of them")
            }
            assigned[known].arguments.append(argument)
        }
        return assigned.map { ($0.parameter, $0.arguments) }
    }

    private func surplus(
        _ argument: Argument, before next: Argument?, of command: CommandDeclaration
    ) -> Diagnostic {
        let text = argument.value?.source ?? ""
        var hint =
            "write it as key=value; the keys are " + command.parameters.map(\.name).joined(separator: ", ")
        if let parameter = command.parameter(named: text) {
            // `train epochs 2`: what follows is meant as the value.
            let meant = next.flatMap { $0.key == nil ? $0.value?.source : nil }
            let example = meant ?? (parameter.type == .flag ? "yes" : parameter.defaultValue?.source ?? "…")
            hint = "did you mean \(parameter.name)=\(example)?"
        } else if command.parameters.isEmpty {
            hint = "it takes no arguments"
        } else if let file = command.parameters.first(where: \.type.isPath),
            text.contains(where: { "./".contains($0) })
        {
            hint = "write \(command.verb) \(file.name)=\(text.clipped(to: 80))"
        } else if let near = closestName(to: text, among: command.parameters.map(\.name)) {
            hint = "did you mean \(near)=…?"
        }
        return Diagnostic(
            "unexpected-value", "\(command.verb) does not know what to do with \(text.clipped(to: 80))",
            at: argument.span, hint: hint)
    }

    /// What is said of other tools' keys, each of which is passed over or refused.
    ///
    /// - `literal`: an argument's value, nil when that is not known yet.
    private func notes(
        _ invocation: Invocation, of command: CommandDeclaration, literal: (Expression) throws -> Literal?
    ) throws -> [String] {
        try invocation.arguments.compactMap { argument in
            guard let foreign = argument.key.flatMap({ command.foreignKey(named: $0.text) }) else {
                return nil
            }
            let value = try literal(try written(argument)).map { $0.items.isEmpty ? "" : $0.plainSource }
            if let value, foreign.opposite != nil {
                try refuseOpposite(of: foreign, value, in: invocation, of: command, literal)
            }
            return try foreign.note(value: value, at: argument.span)
        }
    }

    private func refuseOpposite(
        of foreign: ForeignKey, _ value: String, in invocation: Invocation, of command: CommandDeclaration,
        _ literal: (Expression) throws -> Literal?
    ) throws {
        for argument in invocation.arguments {
            guard let key = argument.key?.text, let parameter = command.parameter(named: key),
                let other = try literal(try written(argument)),
                foreignDefault(of: parameter, as: key, other) == nil
            else { continue }
            try foreign.check(value, beside: key, of: parameter.name, at: argument.span)
        }
    }

    /// What is said of a value that another tool has for "not given"; nil for any other.
    private func foreignDefault(
        of parameter: ParameterDeclaration, as key: String?, _ literal: Literal
    ) -> String? {
        guard let key, let known = parameter.foreignDefaults[key], literal.plain.lowercased() == known else {
            return nil
        }
        let otherwise = parameter.otherwise.map { ": \($0)" } ?? ""
        return "\(key)=\(literal.plain) is passed over, as it means \"not given\"\(otherwise)"
    }

    // MARK: - Values

    /// - `passedOver`: gets what is to be said of another tool's "not given".
    /// - Returns: nil for that and for `auto`, which stands for "not given" here.
    private func value(
        of parameter: ParameterDeclaration, _ arguments: [Argument], _ variables: Variables,
        _ passedOver: inout [String]
    ) throws -> Value? {
        let coercion = Coercion(
            parameter: parameter, key: arguments[0].key?.text, span: span(of: arguments),
            candidates: candidates)
        let literals =
            parameter.joinsWords
            ? try sentences(arguments, variables)
            : try arguments.map { try variables.fill(try written($0), parameter.type.isList) }
        let literal = parameter.takesRest && literals.count > 1 ? .list(literals) : literals[0]
        if parameter.acceptsAuto, literal == .word("auto") { return nil }
        if let reason = foreignDefault(of: parameter, as: arguments[0].key?.text, literal) {
            passedOver.append(reason)
            return nil
        }
        return parameter.takesRest && arguments[0].key == nil
            ? .list(try literals.flatMap { try items(coercion.value(of: $0)) })
            : try coercion.value(of: literal)
    }

    private func written(_ argument: Argument) throws -> Expression {
        if let value = argument.value { return value }
        throw Diagnostic(
            "no-value", "\(argument.key?.text ?? "this")= has no value", at: argument.span,
            hint: "write one right after the equals sign")
    }

    /// Adjoining bare words as one text, with the spaces, commas and brackets that stood there.
    private func sentences(_ arguments: [Argument], _ variables: Variables) throws -> [Literal] {
        var result: [Literal] = []
        var end: Int?
        for argument in arguments {
            let expression = try written(argument)
            let literal = try prose(expression, variables)
            if case .word(let text) = literal, case .word(let before)? = result.last {
                let gap = end == expression.span.start ? "" : " "
                result[result.count - 1] = .word(before + gap + text)
            } else {
                result.append(literal)
            }
            end = expression.span.end
        }
        return result
    }

    private func prose(_ expression: Expression, _ variables: Variables) throws -> Literal {
        let literal = try variables.fill(expression, true)
        guard case .list(let items) = literal, let written = expression.items else { return literal }
        // Without variables the text stands as it was written; else its items, commas between them.
        return written.contains(where: \.hasVariable)
            ? .word(items.map(\.plain).joined(separator: ", ")) : .word(expression.source)
    }

    private func span(of arguments: [Argument]) -> SourceSpan {
        let first = arguments[0]
        let start = first.value?.span.start ?? first.span.start
        return SourceSpan(start, arguments[arguments.count - 1].span.end)
    }

    private func items(_ value: Value) -> [Value] {
        if case .list(let items) = value { items } else { [value] }
    }

    private func missing(
        _ parameter: ParameterDeclaration, of command: CommandDeclaration, at span: SourceSpan
    ) -> Diagnostic {
        let example = command.examples.first.map { "for example: \($0.code)" }
        return Diagnostic(
            "missing-value", "\(command.verb) needs \(parameter.name): \(parameter.doc)", at: span,
            hint: example ?? "the usage is \(command.usage)")
    }
}
