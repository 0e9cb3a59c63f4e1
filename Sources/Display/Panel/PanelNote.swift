/// A few words in which some are to be typed.
package struct PanelNote: Sendable, Hashable {
    package enum Piece: Sendable, Hashable {
        case text(String)
        /// What a person may type.
        case code(String)
    }

    package var pieces: [Piece]
    /// Whether something is to be heeded; else it is said in passing.
    package var isWarning: Bool

    package init(_ pieces: [Piece], isWarning: Bool = false) {
        (self.pieces, self.isWarning) = (pieces, isWarning)
    }

    package init(_ text: String, isWarning: Bool = false) { self.init([.text(text)], isWarning: isWarning) }

    package var plain: String {
        pieces.map { piece in
            switch piece {
            case .text(let text), .code(let text): text
            }
        }.joined().onOneLine
    }

    package var html: String {
        let text = pieces.map { piece in
            switch piece {
            case .text(let text): text.htmlEscaped
            case .code(let text): Markup.code(text)
            }
        }.joined()
        let edge = isWarning ? Palette.colour(1) : Markup.rule
        return
            "<div style=\"border-left:3px solid \(edge);padding:2px 0 2px 10px;margin:8px 0 0 0\">\(text)</div>"
    }
}
