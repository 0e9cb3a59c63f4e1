import JSON

/// A written value with its variables filled in: not yet typed.
package indirect enum Literal: Sendable, Hashable {
    /// A bare word: a number, a flag, a name.
    case word(String)
    /// Text that was quoted, and stays text.
    case text(String)
    case list([Literal])
}

extension Literal {
    /// The items of a list, or the value itself as the only one.
    package var items: [Literal] {
        if case .list(let items) = self { items } else { [self] }
    }

    /// In bytes, a list's items with sixteen each.
    var size: Int {
        switch self {
        case .word(let text), .text(let text): text.utf8.count
        case .list(let items): items.reduce(0) { $0 + $1.size + 16 }
        }
    }

    /// How many lists stand in one another.
    var depth: Int {
        guard case .list(let items) = self else { return 0 }
        return 1 + (items.map(\.depth).max() ?? 0)
    }

    /// As it would be written in a cell.
    package var source: String {
        switch self {
        case .word(let text): text
        case .text(let text): quoted(text)
        case .list(let items): "(" + items.map(\.source).joined(separator: " ") + ")"
        }
    }

    /// As a person reads it: without quotes.
    package var plain: String {
        switch self {
        case .word(let text), .text(let text): text
        case .list(let items): items.map(\.plain).joined(separator: ",")
        }
    }

    /// `none`, `(classifier)`: as written, but a single text without its quotes.
    var plainSource: String {
        guard case .list(let items) = self else { return plain }
        return "(" + items.map(\.plain).joined(separator: " ") + ")"
    }

    /// As plain data: words that read as numbers or flags become those.
    package var json: JSON {
        switch self {
        case .text(let text): .string(text)
        case .list(let items): .array(items.map(\.json))
        case .word(let text):
            if let number = parsedNumber(text) {
                Int(exactly: number).map(JSON.integer) ?? .number(number)
            } else if text == "true" || text == "false" {
                .bool(text == "true")
            } else {
                .string(text)
            }
        }
    }
}

/// Text in quotes, as a cell accepts it.
///
/// - `mark`: the one that is liked best; single quotes cannot hold every text.
package func quoted(_ text: String, by mark: Character = "'") -> String {
    guard mark != "'" || text.unicodeScalars.contains(where: { $0 == "'" || $0 == "\n" }) else {
        return "'\(text)'"
    }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\", "$": result += ["\\", scalar]
        case "\n": result += ["\\", "n"]
        default: result.append(scalar)
        }
    }
    return "\"\(String(result))\""
}
