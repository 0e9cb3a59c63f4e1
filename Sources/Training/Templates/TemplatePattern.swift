import Diagnostics

/// A prompt as a text with `{instruction}`, `{input}` and `{response}` in it.
package struct TemplatePattern: Sendable, Hashable {
    private enum Piece: Hashable {
        case text(String)
        case instruction, input, response
    }

    private static let names: [(name: String, piece: Piece)] = [
        ("{instruction}", .instruction), ("{input}", .input), ("{response}", .response),
    ]

    private let pieces: [Piece]

    /// Whether a text is meant as a pattern.
    static func isMeant(by text: String) -> Bool { names.contains { text.contains($0.name) } }

    /// - Throws: `bad-template` unless there is one answer, with a request before it.
    package init(_ text: String) throws {
        self.init(parsing: text)
        let place = pieces.firstIndex(of: .response)
        guard let place, pieces.count(where: { $0 == .response }) == 1,
            pieces[..<place].contains(where: { $0 == .instruction || $0 == .input }),
            !pieces[place...].contains(where: { $0 == .instruction || $0 == .input })
        else {
            throw Diagnostic(
                "bad-template",
                "a prompt of one's own has {response} once, and {instruction} or {input} before it",
                hint: "write prompt='{instruction} {input} Answer: {response}', say")
        }
    }

    /// A text that is known to be one.
    init(parsing text: String) {
        var pieces: [Piece] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            let found = Self.names.compactMap { name, piece in rest.firstRange(of: name).map { ($0, piece) } }
                .min { $0.0.lowerBound < $1.0.lowerBound }
            guard let (range, piece) = found else { break }
            if range.lowerBound > rest.startIndex { pieces.append(.text(String(rest[..<range.lowerBound]))) }
            pieces.append(piece)
            rest = rest[range.upperBound...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        self.pieces = pieces
    }

    /// What is read, and, where there is an answer, what is learned: it, what the pattern has after it, the end.
    ///
    /// Where the pattern has a place for one of the two alone, both go there.
    func segments(instruction: String, input: String, answer: String = "") -> [TextSegment] {
        let isApart = pieces.contains(.instruction) && pieces.contains(.input)
        var isSaid = false
        let segments = pieces.map { piece -> TextSegment in
            switch piece {
            case .text(let text): return .markup(text, isSaid ? 1 : 0, isSaid: isSaid)
            case .instruction where isApart: return .words(instruction, 0)
            case .input where isApart: return .words(input, 0)
            case .instruction, .input: return .words(PromptTemplate.request(instruction, input), 0)
            case .response:
                isSaid = true
                return .words(answer, 1, isSaid: true)
            }
        }
        return segments + [TextSegment(.end, turn: 1, isSaid: true)]
    }
}

extension PromptTemplate {
    /// One of a person's own, whose name is its text.
    ///
    /// - Throws: `bad-template`.
    static func custom(_ text: String) throws -> PromptTemplate {
        let pattern = try TemplatePattern(text)
        return PromptTemplate(name: text, summary: "one's own", .pattern(pattern, withoutInput: pattern))
    }
}
