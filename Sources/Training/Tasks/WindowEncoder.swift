import Datasets
import Learning
import Tokenizers

/// A text as windows of tokens, of which each token but the first is foretold once.
///
/// A window begins `stride` tokens after the one before it. What an earlier window has foretold is read again and not
/// learned, so that a small stride judges each token with more of what stands before it, and costs as much more. Source:
/// the sliding window of Transformers' page on perplexity; there a window counts one token fewer than it foretells.
package struct WindowEncoder: Encoder {
    package let maxLength: Int
    package let stride: Int
    private let tokenizer: any Tokenizer
    /// Whether the end of the text is a token that is learned.
    private let hasEnd: Bool

    /// - `stride`: 1 up to `maxLength`; nil for windows that share the one token from which the next is foretold.
    package init(tokenizer: any Tokenizer, maxLength: Int, stride: Int? = nil, hasEnd: Bool = true) {
        (self.tokenizer, self.maxLength, self.hasEnd) = (tokenizer, maxLength, hasEnd)
        self.stride = min(max(1, stride ?? maxLength - 1), maxLength)
    }

    package var rowsAreApart: Bool { true }

    package func hasAnswer(_ example: Example) -> Bool { true }

    package func encode(_ example: Example, _ randomness: Pass.Randomness?) -> EncodedExample {
        let around = tokenizer.template.around
        var ids = around.before + tokenizer.encode(runs: [[.words(example.text)]])[0] + around.after
        if hasEnd, let end = tokenizer.special.eos, ids.last != end { ids.append(end) }
        var rows: [Row] = []
        var (start, foretold) = (0, 1)
        while foretold < ids.count {
            let end = min(start + maxLength, ids.count)
            let learned = (start..<end).map { $0 >= foretold }
            rows.append(Row(ids: Array(ids[start..<end]), learned: learned))
            foretold = max(foretold, end)
            start += stride
        }
        return EncodedExample(rows.isEmpty ? [Row(ids: ids, learned: ids.map { _ in false })] : rows)
    }
}
