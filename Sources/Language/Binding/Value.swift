import JSON

/// A value of the type that its parameter declares.
package indirect enum Value: Sendable, Hashable {
    case integer(Int)
    case number(Double)
    /// A count or a share: `500`, `50%`.
    case portion(Portion)
    case flag(Bool)
    case text(String)
    case list([Value])
}

extension Value {
    package var json: JSON {
        switch self {
        case .integer(let number): .integer(number)
        case .number(let number): .number(number)
        case .portion(let portion): portion.json
        case .flag(let flag): .bool(flag)
        case .text(let text): .string(text)
        case .list(let items): .array(items.map(\.json))
        }
    }

    /// As it would be written in a cell.
    package var source: String {
        switch self {
        case .integer(let number): String(number)
        case .number(let number): formatted(number)
        case .portion(let portion): portion.source
        case .flag(let flag): flag ? "yes" : "no"
        case .text(let text): needsQuotes(text) ? quoted(text) : text
        case .list(let items): items.map(\.source).joined(separator: ",")
        }
    }
}

private func needsQuotes(_ text: String) -> Bool {
    text.isEmpty || text.hasPrefix("#")
        || text.unicodeScalars.contains { scalar in
            scalar.properties.isWhitespace || scalar == "\u{FEFF}"
                || "'\"$,=()[];\\".unicodeScalars.contains(scalar)
        }
}

/// A Swift type that a typed value can be read as.
package protocol ParameterValue: Sendable {
    /// nil stands for a parameter that was not given and has no default.
    init?(_ value: Value?)
    var declared: Value? { get }
}

extension Int: ParameterValue {
    package init?(_ value: Value?) {
        guard case .integer(let number)? = value else { return nil }
        self = number
    }
    package var declared: Value? { .integer(self) }
}

extension Double: ParameterValue {
    package init?(_ value: Value?) {
        guard case .number(let number)? = value else { return nil }
        self = number
    }
    package var declared: Value? { .number(self) }
}

extension Bool: ParameterValue {
    package init?(_ value: Value?) {
        guard case .flag(let flag)? = value else { return nil }
        self = flag
    }
    package var declared: Value? { .flag(self) }
}

extension String: ParameterValue {
    package init?(_ value: Value?) {
        guard case .text(let text)? = value else { return nil }
        self = text
    }
    package var declared: Value? { .text(self) }
}

extension [String]: ParameterValue {
    package init?(_ value: Value?) {
        guard case .list(let items)? = value else { return nil }
        self = items.compactMap { String($0) }
    }
    package var declared: Value? { .list(map { .text($0) }) }
}

extension Optional: ParameterValue where Wrapped: ParameterValue {
    package init?(_ value: Value?) {
        self = value.flatMap { Wrapped($0) }
    }
    package var declared: Value? { flatMap(\.declared) }
}
