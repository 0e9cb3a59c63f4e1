import Diagnostics

/// Turns a written value into one of a declared type, or says what was expected.
struct Coercion {
    let parameter: ParameterDeclaration
    let span: SourceSpan
    let candidates: CandidateLookup

    func value(of literal: Literal) throws -> Value {
        try value(of: literal, as: parameter.type)
    }

    private func value(of literal: Literal, as type: ParameterType) throws -> Value {
        if case .list(let item) = type {
            return .list(try literal.items.map { try value(of: $0, as: item) })
        }
        if case .list(let items) = literal {
            guard items.count != 1 else { return try value(of: items[0], as: type) }
            throw wrong(literal, expected: "one value")
        }
        let text = literal.plain
        switch type {
        case .integer(let range):
            guard let number = parsedNumber(text), let whole = Int(exactly: number), range.contains(whole)
            else { throw wrong(literal, expected: "a " + type.summary) }
            return .integer(whole)
        case .number(let range):
            guard let number = parsedNumber(text), range.contains(number)
            else { throw wrong(literal, expected: "a " + type.summary) }
            return .number(number)
        case .flag:
            guard let flag = flags[text.lowercased()] else { throw wrong(literal, expected: "yes or no") }
            return .flag(flag)
        case .choice(let choices):
            return .text(try choice(text, among: choices))
        case .name(let source, let isOpen):
            return .text(isOpen ? text : try name(text, from: source))
        case .text, .path, .list:
            return .text(text)
        }
    }

    private func choice(_ text: String, among choices: [Choice]) throws -> String {
        if let found = choices.first(where: { $0.name == text || $0.aliases.contains(text) }) {
            return found.name
        }
        let near = closestName(to: text, among: choices.flatMap { [$0.name] + $0.aliases })
        throw Diagnostic(
            "bad-value", "\(parameter.name) cannot be \(text)", at: span,
            hint: (near.map { "did you mean \($0)? " } ?? "") + "expected one of "
                + choices.map(\.name).joined(separator: ", "))
    }

    private func name(_ text: String, from source: ValueSource) throws -> String {
        let known = candidates(source, text).map(\.name)
        if known.contains(text) { return text }
        let list = known.prefix(12).joined(separator: ", ") + (known.count > 12 ? ", …" : "")
        throw Diagnostic(
            "unknown-\(source.noun.replacing(" ", with: "-"))", "there is no \(source.noun) \(text)",
            at: span,
            hint: closestName(to: text, among: known).map { "did you mean \($0)?" }
                ?? (known.isEmpty ? "none is there yet" : "expected one of \(list)"))
    }

    private func wrong(_ literal: Literal, expected: String) -> Diagnostic {
        let usual = parameter.defaultValue.map { "the default is \($0.source)" }
        return Diagnostic(
            "bad-value", "\(parameter.name) cannot be \(literal.source), expected \(expected)", at: span,
            hint: usual)
    }
}

private let flags = [
    "yes": true, "true": true, "on": true, "1": true, "no": false, "false": false, "off": false, "0": false,
]
