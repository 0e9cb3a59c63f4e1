import Diagnostics

/// Cuts a cell into tokens; never fails, and reports what it could not read as problems.
struct Lexer {
    private let source: [Unicode.Scalar]
    private var position = 0
    private var depth = 0
    private var hasKey = false
    private var tokens: [Token] = []
    private(set) var problems: [Diagnostic] = []
    private(set) var unfinished: Unfinished?

    /// What the end of the source left open.
    enum Unfinished: Sendable { case quote, bracket, continuation }

    init(_ source: [Unicode.Scalar]) {
        self.source = source
    }

    mutating func run() -> [Token] {
        var followsSpace = true
        while position < source.count {
            let scalar = source[position]
            if scalar == "\n" || scalar == "\r" {
                newline(after: followsSpace)
                followsSpace = true
            } else if scalar.properties.isWhitespace || scalar == "\u{FEFF}" {
                position += 1
                followsSpace = true
                hasKey = false
            } else if continuesOnNextLine {
                skipContinuation()
                followsSpace = true
            } else if scalar == "#", followsSpace {
                while position < source.count, source[position] != "\n" { position += 1 }
            } else {
                token(followsSpace: followsSpace)
                followsSpace = false
            }
        }
        if depth > 0, unfinished == nil { unfinished = .bracket }
        return tokens
    }

    // MARK: - Blank space

    private mutating func newline(after followsSpace: Bool) {
        if depth == 0 { append(.newline, from: position, followsSpace) }
        position += 1
        hasKey = false
    }

    private var continuesOnNextLine: Bool {
        guard source[position] == "\\" else { return false }
        return position + 1 == source.count || source[position + 1] == "\n" || source[position + 1] == "\r"
    }

    private mutating func skipContinuation() {
        position += 1
        if position < source.count, source[position] == "\r" { position += 1 }
        if position < source.count, source[position] == "\n" { position += 1 }
        if position >= source.count { unfinished = .continuation }
    }

    // MARK: - Tokens

    private mutating func token(followsSpace: Bool) {
        let start = position
        let beginsValue = followsSpace || isOpener(tokens.last?.kind)
        let kind: Token.Kind? =
            switch source[position] {
            case ",": .comma
            case "=" where !hasKey && depth == 0: .equals
            case ";" where endsWord(at: position + 1): .semicolon
            case "(" where beginsValue: .openParenthesis
            case "[" where beginsValue: .openBracket
            case ")" where depth > 0: .closeParenthesis
            case "]" where depth > 0: .closeBracket
            default: nil
            }
        guard let kind else { return word(followsSpace) }
        switch kind {
        case .openParenthesis, .openBracket: depth += 1
        case .closeParenthesis, .closeBracket: depth -= 1
        case .equals: hasKey = true
        default: break
        }
        position += 1
        append(kind, from: start, followsSpace)
    }

    private func isOpener(_ kind: Token.Kind?) -> Bool {
        switch kind {
        case nil, .equals, .comma, .newline, .openParenthesis, .openBracket: true
        default: false
        }
    }

    private func endsWord(at index: Int) -> Bool {
        index >= source.count || source[index].properties.isWhitespace || source[index] == "#"
    }

    private mutating func append(_ kind: Token.Kind, from start: Int, _ followsSpace: Bool) {
        let end = max(position, start + 1)
        tokens.append(Token(kind: kind, span: SourceSpan(start, end), followsSpace: followsSpace))
    }

    // MARK: - Words

    private mutating func word(_ followsSpace: Bool) {
        let start = position
        var pieces: [Piece] = []
        scanning: while position < source.count {
            switch source[position] {
            case "'" where !isApostrophe: pieces.append(singleQuoted())
            case "\"": pieces += doubleQuoted()
            case "$":
                let name = variableName()
                pieces.append(name ?? .bare(String(takeScalar())))
            case let scalar where position > start && endsBareWord(scalar): break scanning
            default: pieces.append(.bare(bareRun(start: start)))
            }
        }
        append(.word(merged(pieces)), from: start, followsSpace)
    }

    private func endsBareWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ",": true
        case "=": !hasKey && depth == 0
        case ";": endsWord(at: position + 1)
        case ")", "]": depth > 0
        case "\\": continuesOnNextLine
        default: scalar.properties.isWhitespace
        }
    }

    /// Whether the mark stands between two letters, as in "don't": then it quotes nothing.
    private var isApostrophe: Bool {
        position > 0 && position + 1 < source.count && source[position - 1].properties.isAlphabetic
            && source[position + 1].properties.isAlphabetic
    }

    private mutating func bareRun(start: Int) -> String {
        var text = String.UnicodeScalarView()
        while position < source.count {
            let scalar = source[position]
            if (scalar == "'" && !isApostrophe) || scalar == "\"" || scalar == "$" { break }
            if position > start, endsBareWord(scalar) { break }
            if scalar == "\\", position + 1 < source.count { position += 1 }
            text.append(source[position])
            position += 1
        }
        return String(text)
    }

    private mutating func takeScalar() -> Unicode.Scalar {
        defer { position += 1 }
        return source[position]
    }

    private mutating func singleQuoted() -> Piece {
        let start = position
        position += 1
        var text = String.UnicodeScalarView()
        while position < source.count, source[position] != "'" { text.append(takeScalar()) }
        closeQuote(from: start, mark: "'")
        return .quoted(String(text))
    }

    private mutating func doubleQuoted() -> [Piece] {
        let start = position
        position += 1
        var pieces: [Piece] = []
        var text = String.UnicodeScalarView()
        while position < source.count, source[position] != "\"" {
            if source[position] == "\\", position + 1 < source.count {
                position += 1
                text.append(contentsOf: escape())
            } else if source[position] == "$", let name = variableName() {
                pieces += [.quoted(String(text)), name]
                text = String.UnicodeScalarView()
            } else {
                text.append(takeScalar())
            }
        }
        closeQuote(from: start, mark: "\"")
        return pieces + [.quoted(String(text))]
    }

    private mutating func closeQuote(from start: Int, mark: Character) {
        guard position >= source.count else {
            position += 1
            return
        }
        unfinished = .quote
        problems.append(
            Diagnostic(
                "unclosed-quote", "the quotation that begins here is not closed",
                at: SourceSpan(start, position), hint: "end it with \(mark)"))
    }

    /// The scalar after a backslash within double quotes; unknown escapes keep the backslash.
    private mutating func escape() -> [Unicode.Scalar] {
        let scalar = takeScalar()
        switch scalar {
        case "n": return ["\n"]
        case "t": return ["\t"]
        case "r": return ["\r"]
        case "\"", "\\", "$", "'", "`": return [scalar]
        case "\n": return []
        case "x": return hexadecimal(digits: 2, orElse: scalar)
        case "u": return hexadecimal(digits: 4, orElse: scalar)
        case "U": return hexadecimal(digits: 8, orElse: scalar)
        default: return ["\\", scalar]
        }
    }

    private mutating func hexadecimal(digits: Int, orElse letter: Unicode.Scalar) -> [Unicode.Scalar] {
        let end = position + digits
        guard end <= source.count else { return ["\\", letter] }
        var text = ""
        text.unicodeScalars.append(contentsOf: source[position..<end])
        guard let code = UInt32(text, radix: 16), let scalar = Unicode.Scalar(code) else {
            return ["\\", letter]
        }
        position = end
        return [scalar]
    }

    /// `$name` or `${name}` at the position, or nil when a lone `$` stands there.
    private mutating func variableName() -> Piece? {
        let start = position
        var index = position + 1
        let isBraced = index < source.count && source[index] == "{"
        if isBraced { index += 1 }
        let nameStart = index
        while index < source.count, isNameScalar(source[index], first: index == nameStart) { index += 1 }
        guard index > nameStart else { return nil }
        var name = ""
        name.unicodeScalars.append(contentsOf: source[nameStart..<index])
        if isBraced {
            guard index < source.count, source[index] == "}" else { return nil }
            index += 1
        }
        position = index
        return .variable(name, SourceSpan(start, index))
    }

    private func merged(_ pieces: [Piece]) -> [Piece] {
        pieces.reduce(into: []) { result, piece in
            if case .bare(let more) = piece, case .bare(let text)? = result.last {
                result[result.count - 1] = .bare(text + more)
            } else {
                result.append(piece)
            }
        }
    }
}

/// Whether a scalar may stand in the name of a variable or a verb.
func isNameScalar(_ scalar: Unicode.Scalar, first: Bool) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || (!first && ("0"..."9").contains(scalar))
}
