import Diagnostics

/// What is said where texts have what the tokenizer puts around them itself.
package enum DoubledSpecials {
    /// - `count`: of how many texts, of all.
    /// - `specials`: what the tokenizer writes at a text's beginning and end.
    package static func remark(_ count: Int, of total: Int, _ specials: [String]) -> String {
        let written = specials.map { "“\($0)”" }.joined(separator: " or ")
        let texts =
            total == 1
            ? "the text has"
            : "\(count.grouped) of \(total.grouped) texts \(count == 1 ? "has" : "have")"
        return "\(texts) \(written) written around, which the tokenizer adds itself: one is taken"
    }
}
