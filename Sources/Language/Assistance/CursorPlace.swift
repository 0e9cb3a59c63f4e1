import Diagnostics

/// What part of a statement stands at the cursor.
///
/// Found by parsing the source up to the cursor with one private-use scalar put there: the
/// word that holds it is the word being typed, whatever is missing around it.
struct CursorPlace {
    enum Role {
        case none
        case verb(isInBlock: Bool)
        /// A value without a key, or the beginning of a key.
        case argument(Invocation)
        case value(Invocation, key: Name)
        case variable
    }

    private(set) var role = Role.none
    /// What of the word stands before the cursor.
    private(set) var prefix = ""
    private(set) var isQuoted = false
    let cursor: Int

    private static let mark: Unicode.Scalar = "\u{F8FF}"

    init(_ source: String, cursor: Int, lexicon: Lexicon) {
        let scalars = source.unicodeScalars
        self.cursor = max(0, min(cursor, scalars.count))
        var marked = String.UnicodeScalarView(scalars.prefix(self.cursor))
        marked.append(Self.mark)
        let script = lexicon.parse(String(marked))
        guard let statement = innermost(script.statements) else { return }
        find(in: statement, isInBlock: script.openBlocks > 0)
    }

    private func innermost(_ statements: [Statement]) -> Statement? {
        guard let last = statements.last else { return nil }
        guard case .block(_, let body, isClosed: false) = last.kind, !body.isEmpty else { return last }
        return innermost(body) ?? last
    }

    private mutating func find(in statement: Statement, isInBlock: Bool) {
        switch statement.kind {
        case .command(let invocation), .block(let invocation, _, _):
            if hasMark(invocation.verb.text) {
                take(invocation.verb.text)
                role = .verb(isInBlock: isInBlock)
                return
            }
            guard let argument = invocation.arguments.last, let value = argument.value else { return }
            guard let word = lastWord(of: value), take(word) else { return }
            if case .variable = role { return }
            role = argument.key.map { .value(invocation, key: $0) } ?? .argument(invocation)
        case .assignment(_, let value), .show(let value):
            if let word = lastWord(of: value) { take(word) }
        case .question, .unreadable:
            break
        }
    }

    private func lastWord(of expression: Expression) -> [Piece]? {
        switch expression.kind {
        case .word(let pieces): pieces
        case .list(let items), .alternatives(let items): items.last.flatMap(lastWord)
        case .range: nil
        }
    }

    /// Takes the marked word; true when it held the mark.
    @discardableResult
    private mutating func take(_ pieces: [Piece]) -> Bool {
        switch pieces.last {
        case .bare(let text)? where hasMark(text):
            if text.unicodeScalars.count == 1, pieces.count > 1,
                case .variable(let name, _) = pieces[pieces.count - 2]
            {
                (role, prefix) = (.variable, name)
            } else if text.unicodeScalars.first == "$" {
                (role, prefix) = (.variable, "")
            } else {
                take(text)
            }
        case .quoted(let text)? where hasMark(text):
            if text.unicodeScalars.count == 1, pieces.count > 1,
                case .variable(let name, _) = pieces[pieces.count - 2]
            {
                (role, prefix) = (.variable, name)
            } else {
                isQuoted = true
                take(text)
            }
        default: return false
        }
        return true
    }

    private mutating func take(_ text: String) {
        prefix = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != Self.mark }))
    }

    private func hasMark(_ text: String) -> Bool { text.unicodeScalars.contains(Self.mark) }
}
