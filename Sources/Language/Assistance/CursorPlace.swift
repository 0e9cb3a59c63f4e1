import Diagnostics

/// What part of a statement stands at the cursor.
///
/// Found by parsing the source up to the cursor with one private-use scalar as a sign there: the
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
    /// What of the word stands before the cursor, as it is read: without quotes, and behind its last variable.
    private(set) var prefix = ""
    /// What of the word stands before that: nothing, or up to a variable.
    private(set) var lead: [Piece] = []
    /// What a completion replaces, in scalars: where the prefix was read, and the mark that ends its quotation.
    private(set) var span: SourceSpan
    let cursor: Int

    private let scalars: [Unicode.Scalar]
    /// Where the quotation begins that the cursor is in.
    private let quotation: Int?
    /// The mark that the word is quoted by.
    private var mark: Character?

    private static let sign: Unicode.Scalar = "\u{F8FF}"

    var isQuoted: Bool { mark != nil }

    init(_ source: String, cursor: Int, lexicon: Lexicon) {
        scalars = Array(source.unicodeScalars)
        self.cursor = max(0, min(cursor, scalars.count))
        span = SourceSpan(self.cursor, self.cursor)
        let signed = scalars.prefix(self.cursor) + [Self.sign]
        var lexer = Lexer(Array(signed))
        _ = lexer.run()
        quotation = lexer.problems.last { $0.code == "unclosed-quote" }?.span?.start
        var text = String.UnicodeScalarView()
        text.append(contentsOf: signed)
        let script = lexicon.parse(String(text))
        guard let statement = innermost(script.statements) else { return }
        find(in: statement, isInBlock: script.openBlocks > 0)
    }

    /// How a value is written where the prefix stands, so that it is read as that value.
    func source(of value: String) -> String {
        guard let mark else { return Value.text(value).source }
        let whole = quoted(value, by: mark)
        // Within "$name …" the quotation began before.
        return quotation.map { $0 < span.start } ?? false ? String(whole.dropFirst()) : whole
    }

    private func innermost(_ statements: [Statement]) -> Statement? {
        guard let last = statements.last else { return nil }
        guard case .block(_, let body, isClosed: false) = last.kind, !body.isEmpty else { return last }
        return innermost(body) ?? last
    }

    private mutating func find(in statement: Statement, isInBlock: Bool) {
        switch statement.kind {
        case .command(let invocation), .block(let invocation, _, _):
            if hasSign(invocation.verb.text) {
                take(invocation.verb.text)
                role = .verb(isInBlock: isInBlock)
                return
            }
            guard let argument = invocation.arguments.last, let value = argument.value else { return }
            guard let (word, place) = lastWord(of: value), take(word, at: place) else { return }
            if case .variable = role { return }
            role = argument.key.map { .value(invocation, key: $0) } ?? .argument(invocation)
        case .assignment(_, let value), .show(let value):
            if let (word, place) = lastWord(of: value) { take(word, at: place) }
        case .question, .unreadable:
            break
        }
    }

    private func lastWord(of expression: Expression) -> ([Piece], SourceSpan)? {
        switch expression.kind {
        case .word(let pieces): (pieces, expression.span)
        case .list(let items), .alternatives(let items): items.last.flatMap(lastWord)
        case .range: nil
        }
    }

    /// Takes the word with the sign; true when it held it.
    @discardableResult
    private mutating func take(_ pieces: [Piece], at place: SourceSpan) -> Bool {
        let last: String
        switch pieces.last {
        case .bare(let text)? where hasSign(text), .quoted(let text)? where hasSign(text):
            last = unsigned(text)
        default: return false
        }
        let before = pieces.dropLast().last
        if last.isEmpty, case .variable(let name, let span)? = before,
            span.end - span.start == name.unicodeScalars.count + 1
        {
            role = .variable
            take(name)
        } else if last == "$", before == nil, quotation == nil {
            role = .variable
        } else {
            takeValue(pieces, at: place)
        }
        return true
    }

    private mutating func takeValue(_ pieces: [Piece], at place: SourceSpan) {
        var start = place.start
        var rest: [Piece] = []
        for piece in pieces {
            rest.append(piece)
            guard case .variable(_, let span) = piece else { continue }
            (lead, rest, start) = (lead + rest, [], span.end)
        }
        var isQuoted = false
        for piece in rest {
            switch piece {
            case .bare(let text): prefix += unsigned(text)
            case .quoted(let text): (prefix, isQuoted) = (prefix + unsigned(text), true)
            case .variable: break
            }
        }
        var end = cursor
        if let quotation {
            mark = Character(scalars[quotation])
            if cursor < scalars.count, scalars[cursor] == scalars[quotation] { end += 1 }
        } else if isQuoted {
            mark = scalars[start] == "\"" ? "\"" : "'"
        }
        span = SourceSpan(start, end)
    }

    private mutating func take(_ name: String) {
        prefix = unsigned(name)
        span = SourceSpan(cursor - prefix.unicodeScalars.count, cursor)
    }

    private func unsigned(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != Self.sign }))
    }

    private func hasSign(_ text: String) -> Bool { text.unicodeScalars.contains(Self.sign) }
}
