/// The special tokens that a tokenizer puts around a text itself, where they are written out in the text as well.
///
/// Data that were made for a model often begin with its `<s>`, and a tokenizer takes that for the token: then a sequence
/// begins twice, as the model has never seen one. One is taken, the tokenizer's.
package struct WrittenSpecials: Sendable {
    /// What stands before a text and after it, as it would be written; empty where the tokenizer adds nothing there.
    private let before, after: String

    package init(of tokenizer: any Tokenizer) {
        /// Nothing where one of them is text like any other when it is written out.
        func written(_ ids: [Int32]) -> String {
            let names = ids.map { tokenizer.token(of: $0) ?? "" }
            let areTokens = zip(names, ids).allSatisfy { !$0.isEmpty && tokenizer.encode($0) == [$1] }
            return areTokens ? names.joined() : ""
        }
        let around = tokenizer.template.around
        (before, after) = (written(around.before), written(around.after))
    }

    fileprivate var names: [String] { [before, after].filter { !$0.isEmpty } }

    /// A text without those that it begins and ends with, however often, and the white space outside of them.
    ///
    /// - Returns: also how many were found.
    package func removed(from text: String) -> (text: String, count: Int) {
        guard !(before.isEmpty && after.isEmpty) else { return (text, 0) }
        var rest = Substring(text)
        var count = 0
        while !before.isEmpty {
            let begun = rest.drop(while: \.isWhitespace)
            guard begun.hasPrefix(before) else { break }
            rest = begun.dropFirst(before.count)
            count += 1
        }
        while !after.isEmpty, let last = rest.lastIndex(where: { !$0.isWhitespace }) {
            let ended = rest[...last]
            guard ended.hasSuffix(after) else { break }
            rest = ended.dropLast(after.count)
            count += 1
        }
        return count > 0 ? (String(rest), count) : (text, 0)
    }
}

extension Tokenizer {
    /// What it puts before a text and after it, as that would be written in one; those alone that it would take for
    /// tokens there.
    package var writtenSpecials: [String] { WrittenSpecials(of: self).names }
}
