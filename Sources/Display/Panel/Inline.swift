/// Pieces of HTML that live on inline styles alone, as a front end that trusts nothing leaves them.
///
/// No colour for text and no background: both are the page's. Text is escaped here and nowhere else.
enum Inline {
    static let rule = "rgba(128,128,128,0.5)"
    static let faintRule = "rgba(128,128,128,0.25)"
    /// Behind the best row.
    static let tint = "rgba(213,94,0,0.12)"
    static let figures = "font-variant-numeric:tabular-nums"

    static func muted(_ text: String) -> String { "<span style=\"opacity:0.72\">\(text.htmlEscaped)</span>" }

    static func strong(_ text: String) -> String {
        "<b style=\"font-weight:600\">\(text.htmlEscaped)</b>"
    }

    static func code(_ text: String) -> String {
        "<code style=\"font-size:12px;padding:1px 4px;border-radius:3px;background:rgba(128,128,128,0.18)\">"
            + "\(text.htmlEscaped)</code>"
    }

    /// One display, as wide as reads well.
    static func frame(_ content: [String]) -> String {
        "<div style=\"max-width:760px;font-size:13px;line-height:1.45;margin:2px 0 6px 0\">\n"
            + content.filter { !$0.isEmpty }.joined(separator: "\n") + "\n</div>"
    }
}

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
            case .code(let text): Inline.code(text)
            }
        }.joined()
        let edge = isWarning ? Palette.colour(1) : Inline.rule
        return
            "<div style=\"border-left:3px solid \(edge);padding:2px 0 2px 10px;margin:8px 0 0 0\">\(text)</div>"
    }
}
