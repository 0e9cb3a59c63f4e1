import Diagnostics

/// Reads a cell as statements; never fails: what cannot be read is a statement with a problem.
package struct Parser {
    private let source: [Unicode.Scalar]
    private let blockVerbs: Set<String>
    var tokens: [Token] = []
    var index = 0
    private var lexicalProblems: [Diagnostic] = []
    private let lineStarts: [Int]
    /// The first thing wrong with the statement being read.
    private var problem: Diagnostic?
    /// How many brackets are open around what is being read.
    var depth = 0

    package init(_ source: String, blockVerbs: Set<String>) {
        let scalars = Array(source.unicodeScalars)
        self.source = scalars
        self.blockVerbs = blockVerbs
        lineStarts = [0] + scalars.indices.filter { scalars[$0] == "\n" }.map { $0 + 1 }
    }

    /// - `blockVerbs`: those that lines up to `end` belong to.
    package static func parse(_ source: String, blockVerbs: Set<String> = []) -> Script {
        var parser = Parser(source, blockVerbs: blockVerbs)
        return parser.script()
    }

    package static let blockEnd = "end"
    /// Brackets in brackets, and blocks in blocks: more are refused, since all that reads them goes down them.
    package static let greatestDepth = 32

    private mutating func script() -> Script {
        var lexer = Lexer(source)
        tokens = lexer.run()
        lexicalProblems = lexer.problems
        var blocks = BlockBuilder(blockVerbs: blockVerbs)
        while index < tokens.count {
            if tokens[index].kind == .newline {
                index += 1
            } else {
                blocks.add(statement())
            }
        }
        let open = blocks.openCount
        return Script(
            statements: blocks.finish(), unfinished: lexer.unfinished != nil, openBlocks: open)
    }

    // MARK: - Statements

    private mutating func statement() -> Statement {
        let start = index
        problem = nil
        let kind = statementKind()
        var isQuiet = false
        if index < tokens.count, tokens[index].kind == .semicolon {
            isQuiet = true
            index += 1
        }
        if index < tokens.count, tokens[index].kind != .newline { complain(leftover(after: isQuiet)) }
        while index < tokens.count, tokens[index].kind != .newline { index += 1 }
        let span = SourceSpan(tokens[start].span.start, tokens[index - 1].span.end)
        return Statement(
            kind: kind, span: span, line: lineNumber(of: span.start), isQuiet: isQuiet,
            problem: lexicalProblem(within: span) ?? problem)
    }

    mutating func complain(_ diagnostic: Diagnostic) {
        problem = problem ?? diagnostic
    }

    private func lexicalProblem(within span: SourceSpan) -> Diagnostic? {
        lexicalProblems.first { problem in
            problem.span.map { $0.start >= span.start && $0.start < span.end } ?? false
        }
    }

    private func leftover(after isQuiet: Bool) -> Diagnostic {
        let token = tokens[index]
        let text = self.text(token.span)
        return isQuiet
            ? Diagnostic(
                "after-semicolon", "found \(text) after the semicolon, expected the end of the line",
                at: token.span, hint: "write one statement a line; a final ; runs it quietly")
            : Diagnostic(
                "unexpected", "found \(text), expected a value, key=value or the end of the line",
                at: token.span, hint: "put the text in quotes if it is meant as it stands")
    }

    private mutating func statementKind() -> Statement.Kind {
        let first = tokens[index]
        guard case .word(let pieces) = first.kind else {
            complain(
                Diagnostic(
                    "no-verb", "found \(text(first.span)), expected a verb or name=value", at: first.span,
                    hint: "help lists the verbs"))
            index += 1
            return .unreadable
        }
        if kind(after: 1) == .equals { return assignment(first, pieces) }
        if case .variable? = pieces.first {
            index += 1
            return .show(expression(.word(pieces), first.span))
        }
        index += 1
        return .command(invocation(Name(plainText(pieces), at: first.span)))
    }

    private mutating func assignment(_ first: Token, _ pieces: [Piece]) -> Statement.Kind {
        index += 2
        guard let name = variableName(pieces) else {
            complain(
                Diagnostic(
                    "bad-name", "\(text(first.span)) cannot name a variable", at: first.span,
                    hint: "a name has letters, digits and _ and does not begin with a digit"))
            return .unreadable
        }
        let target = Name(name, at: first.span)
        guard let token = current, beginsValue(token) else {
            complain(
                Diagnostic(
                    "no-value", "\(name)= has no value",
                    at: SourceSpan(first.span.start, tokens[index - 1].span.end),
                    hint: "write \(name)=value, or \(name)='' for nothing"))
            return .unreadable
        }
        let value = self.value()
        if case .word(let pieces) = value.kind, case .bare(let mark)? = pieces.first,
            mark == "?" || mark == "??"
        {
            return .question(
                name: target, prompt: isWord(current) ? self.value() : nil, isSecret: mark == "??")
        }
        if let next = current, isWord(next) || beginsValue(next) {
            complain(
                Diagnostic(
                    "after-assignment", "found \(text(next.span)) after the value of \(name)", at: next.span,
                    hint: "quote a value that has spaces, and write one variable a line"))
        }
        return .assignment(name: target, value: value)
    }

    private mutating func invocation(_ verb: Name) -> Invocation {
        var invocation = Invocation(verb: verb, arguments: [])
        while let token = current,
            isWord(token) || token.kind == .openParenthesis || token.kind == .openBracket
        {
            invocation.arguments.append(argument(token))
            // A comma after a bracket parts arguments; one within a list was read with it.
            if current?.kind == .comma { index += 1 }
        }
        return invocation
    }

    private mutating func argument(_ token: Token) -> Argument {
        guard case .word(let pieces) = token.kind, kind(after: 1) == .equals else {
            let value = self.value()
            return Argument(key: nil, value: value, span: value.span)
        }
        let key = Name(plainText(pieces), at: token.span)
        index += 2
        let equals = tokens[index - 1].span
        guard let next = current, beginsValue(next) else {
            return Argument(key: key, value: nil, span: SourceSpan(token.span.start, equals.end))
        }
        let value = self.value()
        return Argument(key: key, value: value, span: SourceSpan(token.span.start, value.span.end))
    }

    /// Whether a token can be the value of the `key=` before it (`epochs= lr=3` misses one).
    private func beginsValue(_ token: Token) -> Bool {
        switch token.kind {
        case .word:
            guard token.followsSpace, index + 1 < tokens.count else { return true }
            return !(tokens[index + 1].kind == .equals && !tokens[index + 1].followsSpace)
        case .openParenthesis, .openBracket: return true
        default: return false
        }
    }

    // MARK: - Small things

    var current: Token? { index < tokens.count ? tokens[index] : nil }

    func kind(after offset: Int) -> Token.Kind? {
        index + offset < tokens.count ? tokens[index + offset].kind : nil
    }

    func isWord(_ token: Token?) -> Bool {
        if case .word? = token?.kind { true } else { false }
    }

    func expression(_ kind: Expression.Kind, _ span: SourceSpan) -> Expression {
        Expression(kind: kind, span: span, source: text(span))
    }

    func text(_ span: SourceSpan) -> String {
        var text = ""
        text.unicodeScalars.append(contentsOf: source[span.start..<min(span.end, source.count)])
        return text == "\n" ? "the end of the line" : text
    }

    private func lineNumber(of offset: Int) -> Int {
        (lineStarts.lastIndex { $0 <= offset } ?? 0) + 1
    }

    private func variableName(_ pieces: [Piece]) -> String? {
        guard pieces.count == 1 else { return nil }
        switch pieces[0] {
        case .variable(let name, _): return name
        case .bare(let text):
            let scalars = Array(text.unicodeScalars)
            let isName = scalars.enumerated().allSatisfy { isNameScalar($1, first: $0 == 0) }
            return isName && !scalars.isEmpty ? text : nil
        case .quoted: return nil
        }
    }
}

/// The text of a word as one would read it, its variables by name.
func plainText(_ pieces: [Piece]) -> String {
    pieces.map { piece in
        switch piece {
        case .bare(let text), .quoted(let text): text
        case .variable(let name, _): "$" + name
        }
    }.joined()
}
