import Diagnostics

// Values: words, lists, alternatives, ranges.
extension Parser {
    mutating func value() -> Expression {
        let first = primary()
        guard current?.kind == .comma, case .word = first.kind else { return scaled(first) }
        var items = [first]
        while current?.kind == .comma {
            index += 1
            guard isWord(current), !beginsArgument else { break }
            items.append(primary())
        }
        // `r=8, alpha=16`: the comma was meant to part the arguments.
        if items.count == 1, beginsArgument { return first }
        return expression(.list(items), SourceSpan(first.span.start, tokens[index - 1].span.end))
    }

    /// Whether `key=` follows, after blank space.
    private var beginsArgument: Bool {
        isWord(current) && current?.followsSpace == true && kind(after: 1) == .equals
    }

    /// Takes the `log` after a range.
    private mutating func scaled(_ value: Expression) -> Expression {
        guard case .range(let low, let high, _) = value.kind, let token = current,
            token.kind == .word([.bare("log")]), kind(after: 1) != .equals
        else { return value }
        index += 1
        if low <= 0 {
            complain(
                Diagnostic(
                    "bad-range", "a log range cannot begin at \(formatted(low))", at: value.span,
                    hint: "begin above 0, such as 1e-5..1e-2 log"))
        }
        return expression(
            .range(low: low, high: high, isLogarithmic: true), SourceSpan(value.span.start, token.span.end))
    }

    private mutating func primary() -> Expression {
        let token = tokens[index]
        index += 1
        switch token.kind {
        case .word(let pieces):
            if case .bare(let text)? = pieces.first, pieces.count == 1, let range = numberRange(text) {
                return expression(.range(low: range.0, high: range.1, isLogarithmic: false), token.span)
            }
            return expression(.word(pieces), token.span)
        case .openParenthesis:
            return group(from: token, until: .closeParenthesis, mark: ")") { .list($0) }
        case .openBracket:
            return group(from: token, until: .closeBracket, mark: "]") { .alternatives($0) }
        default:
            complain(
                Diagnostic("no-value", "found \(text(token.span)), expected a value", at: token.span))
            return expression(.word([]), token.span)
        }
    }

    private mutating func group(
        from open: Token, until close: Token.Kind, mark: String, _ kind: ([Expression]) -> Expression.Kind
    ) -> Expression {
        guard depth < Self.greatestDepth else { return passedOver(from: open) }
        depth += 1
        defer { depth -= 1 }
        var items: [Expression] = []
        while let token = current, token.kind != close {
            if token.kind == .comma {
                index += 1
            } else {
                items.append(scaled(primary()))
            }
        }
        if current == nil {
            complain(
                Diagnostic(
                    "unclosed-bracket", "the \(text(open.span)) is not closed", at: open.span,
                    hint: "end it with \(mark)"))
        } else {
            index += 1
        }
        return expression(kind(items), SourceSpan(open.span.start, tokens[index - 1].span.end))
    }

    /// Leaves out what stands in a bracket that is nested too deeply, to its end.
    private mutating func passedOver(from open: Token) -> Expression {
        complain(
            Diagnostic(
                "too-deep", "more than \(Self.greatestDepth) brackets stand in one another", at: open.span,
                hint: "a list of lists is as deep as values go: take brackets away"))
        var level = 1
        while level > 0, let token = current {
            switch token.kind {
            case .openParenthesis, .openBracket: level += 1
            case .closeParenthesis, .closeBracket: level -= 1
            default: break
            }
            index += 1
        }
        return expression(.list([]), SourceSpan(open.span.start, tokens[index - 1].span.end))
    }
}

/// `1e-5..1e-2` as its two ends; nil for anything else, such as a path with `..`.
private func numberRange(_ text: String) -> (Double, Double)? {
    guard let dots = text.firstRange(of: "..") else { return nil }
    guard let low = parsedNumber(String(text[..<dots.lowerBound])),
        let high = parsedNumber(String(text[dots.upperBound...])), low < high
    else { return nil }
    return (low, high)
}
