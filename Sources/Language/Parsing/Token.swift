import Diagnostics

/// The smallest part of a cell that means something, with its place.
struct Token: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// A word of adjoining bare, quoted and `$name` pieces.
        case word([Piece])
        case equals, comma, semicolon, newline
        case openParenthesis, closeParenthesis
        case openBracket, closeBracket
    }

    var kind: Kind
    var span: SourceSpan
    /// Whether blank space stands before it on its line.
    var followsSpace: Bool
}

/// A part of a word: `data/`, `'my file'`, `$name`.
package enum Piece: Sendable, Hashable {
    case bare(String)
    case quoted(String)
    case variable(String, SourceSpan)
}
