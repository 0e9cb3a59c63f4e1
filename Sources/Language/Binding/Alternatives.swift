import Diagnostics

/// A place in a block's lines where one of several values is to stand.
package struct Alternatives: Sendable, Hashable {
    package enum Values: Sendable, Hashable {
        /// `[4, 8, 16]`
        case options([Literal])
        /// `1e-5..1e-2 log`: anything between
        case range(low: Double, high: Double, isLogarithmic: Bool)
    }

    /// The key or the variable that gets the value, as written; nil where the value stands alone.
    package let key: String?
    /// The brackets or the range in the cell, by which a choice names them.
    package let span: SourceSpan
    package let values: Values
}

extension Variables {
    /// The alternatives of a block's lines, in their order. Those in a block among the lines are that block's.
    ///
    /// - Throws: `no-alternatives` for `[]`; what is wrong with a value's variables.
    package func alternatives(in lines: [Statement]) throws -> [Alternatives] {
        var found: [Alternatives] = []
        for line in lines {
            _ = try line.replacingAlternatives { key, written in
                found.append(Alternatives(key: key, span: written.span, values: try values(of: written)))
                return written
            }
        }
        return found
    }

    private func values(of written: Expression) throws -> Alternatives.Values {
        if case .range(let low, let high, let isLogarithmic) = written.kind {
            return .range(low: low, high: high, isLogarithmic: isLogarithmic)
        }
        let options = try (written.items ?? []).map { try fill($0) }
        guard !options.isEmpty else {
            throw Diagnostic(
                "no-alternatives", "\(written.source) holds no value", at: written.span,
                hint: "write what is to be tried between the brackets")
        }
        return .options(options)
    }
}

/// A block's lines with a value chosen for each of their alternatives; all places stay as written.
package struct ChosenLines: Sendable {
    package let lines: [Statement]
    /// What was chosen, as it would be written: `r=16 dropout=0.1`.
    package let choice: String

    /// - `chosen`: by the span of the brackets or the range.
    /// - Throws: `alternatives-outside-block` for those of which no value is chosen.
    package init(_ lines: [Statement], choosing chosen: [SourceSpan: Literal]) throws {
        var choices: [String] = []
        self.lines = try lines.map { line in
            try line.replacingAlternatives { key, written in
                guard let literal = chosen[written.span] else { throw written.oneOfSeveral }
                choices.append((key.map { $0 + "=" } ?? "") + literal.source)
                return Expression(literal, at: written.span)
            }
        }
        choice = choices.joined(separator: " ")
    }
}

extension Statement {
    /// With something that is not known yet in place of alternatives, as a variable is.
    var undecided: Statement {
        replacingAlternatives { _, written in
            var open = written
            open.kind = .word([.variable(written.source, written.span)])
            return open
        }
    }

    /// With other expressions in place of alternatives; a block's lines keep theirs, which are its own.
    fileprivate func replacingAlternatives(
        _ replacement: (_ key: String?, Expression) throws -> Expression
    ) rethrows -> Statement {
        var copy = self
        switch kind {
        case .command(let invocation):
            copy.kind = .command(try invocation.replacingAlternatives(replacement))
        case .block(let invocation, let body, let isClosed):
            let head = try invocation.replacingAlternatives(replacement)
            copy.kind = .block(head, body: body, isClosed: isClosed)
        case .assignment(let name, let value):
            let other = try value.replacingAlternatives { try replacement(name.text, $0) }
            copy.kind = .assignment(name: name, value: other)
        case .question(let name, let prompt, let isSecret):
            let other = try prompt?.replacingAlternatives { try replacement(nil, $0) }
            copy.kind = .question(name: name, prompt: other, isSecret: isSecret)
        case .show, .unreadable: break
        }
        return copy
    }
}

extension Invocation {
    fileprivate func replacingAlternatives(
        _ replacement: (_ key: String?, Expression) throws -> Expression
    ) rethrows -> Invocation {
        var copy = self
        copy.arguments = try arguments.map { argument in
            var other = argument
            other.value = try argument.value?.replacingAlternatives {
                try replacement(argument.key?.text, $0)
            }
            return other
        }
        return copy
    }
}

extension Expression {
    /// What is said of alternatives where one value is expected.
    var oneOfSeveral: Diagnostic {
        let what = items == nil ? "is a range of values" : "holds several values"
        let example = items?.first.map { ", such as \($0.source)" }
        return Diagnostic(
            "alternatives-outside-block", "\(source) \(what), and one is expected here", at: span,
            hint: "give one value\(example ?? "")")
    }

    /// A literal as if it stood there.
    fileprivate init(_ literal: Literal, at span: SourceSpan) {
        let kind: Kind =
            switch literal {
            case .word(let text): .word([.bare(text)])
            case .text(let text): .word([.quoted(text)])
            case .list(let items): .list(items.map { Expression($0, at: span) })
            }
        self.init(kind: kind, span: span, source: literal.source)
    }

    fileprivate func replacingAlternatives(_ replacement: (Expression) throws -> Expression) rethrows
        -> Expression
    {
        switch kind {
        case .word: return self
        case .alternatives, .range: return try replacement(self)
        case .list(let items):
            let others = try items.map { try $0.replacingAlternatives(replacement) }
            guard others != items else { return self }
            let source = "(" + others.map(\.source).joined(separator: " ") + ")"
            return Expression(kind: .list(others), span: span, source: source)
        }
    }
}
