import Diagnostics

/// The variables of a session: name to value, in the order in which they were first set.
package struct Variables: Sendable, Hashable {
    package private(set) var names: [String] = []
    private var values: [String: Literal] = [:]

    package init() {}

    package subscript(name: String) -> Literal? {
        get { values[name] }
        set {
            if let newValue {
                if values.updateValue(newValue, forKey: name) == nil { names.append(name) }
            } else if values.removeValue(forKey: name) != nil {
                names.removeAll { $0 == name }
            }
        }
    }

    /// What variables may add to one value, in bytes: `x="$x$x"`, repeated, would fill all memory.
    package static let greatestSize = 1 << 20

    /// The expression with every `$name` replaced.
    ///
    /// - `takesList`: whether `[a, b]` is a list here, as other languages write it.
    /// - Throws: `unknown-variable`; `too-large`; `alternatives-outside-block` for other `[a, b]` and `1..2`.
    package func fill(_ expression: Expression, _ takesList: Bool = false) throws -> Literal {
        var room = Self.greatestSize
        return try fill(expression, takesList, &room)
    }

    private func fill(_ expression: Expression, _ takesList: Bool, _ room: inout Int) throws -> Literal {
        switch expression.kind {
        case .word(let pieces): return try fill(pieces, &room)
        case .alternatives where !takesList: throw expression.oneOfSeveral
        case .list(let items), .alternatives(let items):
            return .list(try items.map { try fill($0, takesList, &room) })
        case .range: throw expression.oneOfSeveral
        }
    }

    private func fill(_ pieces: [Piece], _ room: inout Int) throws -> Literal {
        if pieces.count == 1 {
            switch pieces[0] {
            case .bare(let text): return .word(text)
            case .quoted(let text): return .text(text)
            case .variable(let name, let span): return try value(of: name, at: span, &room)
            }
        }
        var text = ""
        for piece in pieces {
            switch piece {
            case .bare(let part), .quoted(let part): text += part
            case .variable(let name, let span): text += try value(of: name, at: span, &room).plain
            }
        }
        return .text(text)
    }

    private func value(of name: String, at span: SourceSpan, _ room: inout Int) throws -> Literal {
        let found = try value(of: name, at: span)
        // A list's items count a little too, so that lists of lists of nothing end as well.
        room -= found.size
        guard room >= 0, found.depth < Parser.greatestDepth else {
            throw Diagnostic(
                "too-large",
                room < 0
                    ? "with $\(name) this value grows beyond \(Self.greatestSize >> 20) MiB"
                    : "$\(name) is a list in \(found.depth) lists, too deep for one more", at: span,
                hint: "keep long texts in a file, and give \(name) a new value with \(name)=value")
        }
        return found
    }

    private func value(of name: String, at span: SourceSpan) throws -> Literal {
        if let value = values[name] { return value }
        let near = closestName(to: name, among: names)
        throw Diagnostic(
            "unknown-variable", "there is no variable $\(name)", at: span,
            hint: near.map { "did you mean $\($0)?" }
                ?? "set it with \(name)=value, or use single quotes for a plain $")
    }
}
