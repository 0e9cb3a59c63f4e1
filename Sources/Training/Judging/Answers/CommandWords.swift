/// A command's program and arguments, as a shell cuts them: at spaces, but for those in quotes, or behind a backslash.
/// Nothing is looked up or filled in.
package func commandWords(_ text: String) -> [String] {
    var words: [String] = []
    var (word, quote): (String?, Character?) = (nil, nil)
    var rest = text[...]
    while let next = rest.popFirst() {
        if let open = quote {
            if next == open { quote = nil } else { word = (word ?? "") + String(next) }
        } else if next == "'" || next == "\"" {
            (quote, word) = (next, word ?? "")
        } else if next == "\\", let kept = rest.popFirst() {
            word = (word ?? "") + String(kept)
        } else if next.isWhitespace {
            if let whole = word { words.append(whole) }
            word = nil
        } else {
            word = (word ?? "") + String(next)
        }
    }
    return words + [word].compactMap { $0 }
}
