/// A piece of what a model reads: whose it is, and whether it is said or stands around what is said.
package struct TextSegment: Sendable, Hashable {
    package enum Content: Sendable, Hashable {
        /// A template's own text, in which special tokens may be written out.
        case markup(String)
        /// A text of the data, which is text whatever it looks like.
        case words(String)
        /// The token that begins a sequence, or ends one; nothing where a tokenizer has none.
        case begin, end
    }

    package var content: Content
    /// The place of the turn that it belongs to; of one request and its answer 0 and 1.
    package var turn: Int
    /// Whether it is what that turn says, or ends it: what a model that says it has to write.
    package var isSaid: Bool

    package init(_ content: Content, turn: Int, isSaid: Bool = false) {
        (self.content, self.turn, self.isSaid) = (content, turn, isSaid)
    }

    static func markup(_ text: String, _ turn: Int, isSaid: Bool = false) -> TextSegment {
        TextSegment(.markup(text), turn: turn, isSaid: isSaid)
    }

    static func words(_ text: String, _ turn: Int, isSaid: Bool = false) -> TextSegment {
        TextSegment(.words(text), turn: turn, isSaid: isSaid)
    }

    /// Nothing of a token.
    package var text: String {
        switch content {
        case .markup(let text), .words(let text): text
        case .begin, .end: ""
        }
    }
}
