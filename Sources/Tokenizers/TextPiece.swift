/// A piece of a text that is put together: who wrote it decides whether special tokens in it are meant.
package enum TextPiece: Sendable, Hashable {
    /// Of a template: a special token that is written out here is that token.
    case markup(String)
    /// Of data: all of it is text.
    case words(String)
    case token(Int32)

    /// What is read, as text; nothing for a token.
    package var text: String {
        switch self {
        case .markup(let text), .words(let text): text
        case .token: ""
        }
    }
}

extension Tokenizer {
    /// For a tokenizer that takes no special token out of a text, so that all of it is text anyway.
    package func encode(runs: [[TextPiece]]) -> [[Int32]] {
        runs.map { run in
            var (ids, text): ([Int32], String) = ([], "")
            for piece in run {
                guard case .token(let id) = piece else {
                    text += piece.text
                    continue
                }
                ids += encode(text) + [id]
                text = ""
            }
            return ids + encode(text)
        }
    }
}
