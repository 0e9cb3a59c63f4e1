import Datasets
import Learning

/// Puts what an example has for context before its text: where the two do not fit together, the passages lose their end
/// before the text loses anything.
struct ContextEncoder: Encoder {
    let inner: any Encoder

    var maxLength: Int { inner.maxLength }
    var rowsAreApart: Bool { inner.rowsAreApart }
    var drawsInEpochs: Bool { inner.drawsInEpochs }
    func hasAnswer(_ example: Example) -> Bool { inner.hasAnswer(example) }
    func asked(_ example: EncodedExample) -> EncodedExample { inner.asked(example) }
    func drawn(_ example: EncodedExample, seed: UInt64, epoch: Int) -> EncodedExample {
        inner.drawn(example, seed: seed, epoch: epoch)
    }

    func encode(_ example: Example, _ randomness: Pass.Randomness?) throws -> EncodedExample {
        guard let context = example.context else { return try inner.encode(example, randomness) }
        func encoded(_ words: ArraySlice<Substring>) throws -> EncodedExample {
            var whole = example
            whole.context = nil
            let kept = words.last.map { String(context[..<$0.endIndex]) } ?? ""
            whole.text = [kept, example.text].filter { !$0.isEmpty }.joined(separator: Passages.separator)
            return try inner.encode(whole, randomness)
        }
        let words = context.split(whereSeparator: \.isWhitespace)
        let all = try encoded(words[...])
        guard all.cut > 0 else { return all }
        // So many of its words that nothing else is cut: found by halving, since more words never take fewer tokens.
        var (fits, tooMany) = (0, words.count)
        while tooMany - fits > 1 {
            let middle = (fits + tooMany) / 2
            if try encoded(words[..<middle]).cut > 0 { tooMany = middle } else { fits = middle }
        }
        var found = try encoded(words[..<fits])
        found.cut = max(found.cut, all.cut)
        return found
    }
}
