import Diagnostics
import Display

/// Turns a written value into one of a declared type, or says what was expected.
struct Coercion {
    let parameter: ParameterDeclaration
    /// The key that was written, which may be an alias.
    let key: String?
    let span: SourceSpan
    let candidates: CandidateLookup

    func value(of literal: Literal) throws -> Value {
        try value(of: literal, as: parameter.type)
    }

    private func value(of literal: Literal, as type: ParameterType) throws -> Value {
        if case .list(let item) = type {
            let items = separated(literal, for: item)
            if items.isEmpty, !parameter.takesRest { throw empty(literal) }
            try refuseRepeats(in: items, of: item)
            return .list(try items.map { try value(of: $0, as: item) })
        }
        if case .list(let items) = literal {
            guard items.count != 1 else { return try value(of: items[0], as: type) }
            throw severalValues(literal)
        }
        let text = literal.plain
        if literal == .word("auto"), !parameter.acceptsAuto, !isText(type) { throw notAutomatic(literal) }
        switch type {
        case .integer, .number, .portion, .bytes: return try number(text, literal, as: type)
        case .flag:
            guard let flag = flags[text.lowercased()] else { throw wrong(literal, expected: "yes or no") }
            return .flag(flag)
        case .choice(let choices):
            return .text(try choice(text, among: choices))
        case .name(let source, let isOpen):
            return .text(isOpen ? text : try name(text, from: source))
        case .path where text.isEmpty && parameter.isRequired: throw empty(literal)
        case .text, .path, .list:
            return .text(text)
        }
    }

    private func choice(_ text: String, among choices: [Choice]) throws -> String {
        for written in [text, text.lowercased()] {
            if let found = choices.first(where: { $0.answers(to: written) }) {
                return found.name
            }
        }
        let near = closestName(to: text, among: choices.flatMap { [$0.name] + $0.aliases })
        throw Diagnostic(
            "bad-value", "\(parameter.name) cannot be \(text.clipped(to: 80))", at: span,
            hint: (near.map { "did you mean \($0)? " } ?? "") + "expected one of "
                + choices.map(\.name).joined(separator: ", "))
    }

    private func name(_ text: String, from source: ValueSource) throws -> String {
        let known = candidates(source, text).map(\.name)
        if known.contains(text) { return text }
        let list = known.prefix(12).joined(separator: ", ") + (known.count > 12 ? ", …" : "")
        throw Diagnostic(
            "unknown-\(source.noun.replacing(" ", with: "-"))",
            "there is no \(source.noun) \(text.clipped(to: 80))",
            at: span,
            hint: closestName(to: text, among: known).map { "did you mean \($0)?" }
                ?? (known.isEmpty ? "none is there yet" : "expected one of \(list)"))
    }

    // MARK: - Numbers

    private func number(_ text: String, _ literal: Literal, as type: ParameterType) throws -> Value {
        guard let written = WrittenNumber(text) else { throw wrong(literal, expected: "a " + type.summary) }
        switch type {
        case .integer(let range):
            guard written.unit != .percent, written.unit != .bytes, let whole = written.whole,
                range.contains(whole)
            else {
                let isBeyond = range.upperBound == .max && written.value > 9e18
                throw wrong(literal, expected: "a " + type.summary + (isBeyond ? " to \(Int.max)" : ""))
            }
            return .integer(whole)
        case .number(let range):
            guard isFitting(written, range), range.contains(written.value) else { break }
            return .number(written.value)
        case .portion(let allowsNone):
            let isShare = key.map(parameter.shareAliases.contains) ?? false
            guard let portion = Portion(text, isShare: isShare), allowsNone || !portion.isNothing else {
                break
            }
            return .portion(portion)
        case .bytes:
            guard written.unit != .percent, let whole = written.whole, whole > 0 else { break }
            return .integer(whole)
        default: break
        }
        throw wrong(literal, expected: "a " + type.summary)
    }

    /// A percentage is only where shares are, a size in bytes nowhere here.
    private func isFitting(_ written: WrittenNumber, _ range: NumberRange) -> Bool {
        let isShare = range.low >= 0 && range.high <= 1
        return written.unit != .bytes && written.unit != (isShare ? .thousands : .percent)
    }

    // MARK: - Lists

    /// The items; names that a quotation holds with commas between them (`"q,v"`) are several, as no name
    /// has a comma.
    private func separated(_ literal: Literal, for item: ParameterType) -> [Literal] {
        switch item {
        case .name, .choice: break
        default: return literal.items
        }
        return literal.items.flatMap { part -> [Literal] in
            guard case .text(let text) = part, text.contains(",") else { return [part] }
            return text.split(separator: ",").map { .text(String($0.trimmingPrefix(while: \.isWhitespace))) }
        }
    }

    private func refuseRepeats(in items: [Literal], of type: ParameterType) throws {
        guard !parameter.takesRest, case .name = type else { return }
        var seen: Set<String> = []
        for item in items where !seen.insert(item.plain).inserted {
            throw Diagnostic(
                "bad-value", "\(parameter.name) has \(item.source) twice", at: span, hint: "write it once")
        }
    }

    private func severalValues(_ literal: Literal) -> Diagnostic {
        let problem = wrong(literal, expected: "one value")
        // `r=8,alpha=16`: commas that were meant to part arguments.
        let parts = literal.items.map(\.source)
        guard let first = parts.first, parts.dropFirst().contains(where: { $0.contains("=") }) else {
            return problem
        }
        let line = ([(key ?? parameter.name) + "=" + first] + parts.dropFirst()).joined(separator: " ")
        return Diagnostic(
            problem.code, problem.message, at: span, hint: "arguments stand apart by spaces: \(line)")
    }

    // MARK: - What was expected

    /// Whether `auto` is a text like any other: not where something else stands for "not given".
    private func isText(_ type: ParameterType) -> Bool {
        switch type {
        case .text, .path, .name(_, isOpen: true): parameter.otherwise == nil
        default: false
        }
    }

    private func notAutomatic(_ literal: Literal) -> Diagnostic {
        let hint = parameter.otherwise.map { "leave it out for: \($0)" }
        return Diagnostic(
            "bad-value", "\(parameter.name) has nothing to find out by itself, so it cannot be auto",
            at: span,
            hint: hint ?? parameter.defaultValue.map { "leave it out for \($0.source)" }
                ?? "expected a \(parameter.type.summary)")
    }

    /// An empty list asks for nothing, and what is not given is another thing.
    private func empty(_ literal: Literal) -> Diagnostic {
        Diagnostic(
            "bad-value", "\(key ?? parameter.name) names nothing", at: span,
            hint: parameter.otherwise.map { "leave it out for: \($0)" })
    }

    private func wrong(_ literal: Literal, expected: String) -> Diagnostic {
        let usual = parameter.defaultValue.map { "the default is \($0.source)" }
        return Diagnostic(
            "bad-value",
            "\(parameter.name) cannot be \(literal.source.clipped(to: 80)), expected \(expected)", at: span,
            hint: usual)
    }
}

private let flags = [
    "yes": true, "true": true, "on": true, "1": true, "no": false, "false": false, "off": false, "0": false,
]
