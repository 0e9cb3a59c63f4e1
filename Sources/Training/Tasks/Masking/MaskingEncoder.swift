import Datasets
import Learning
import System
import Tokenizers

/// A text as windows of tokens, some of which are masked: always the same ones where it is judged, others in each epoch
/// where it is learned.
package struct MaskingEncoder: Encoder {
    package let maxLength: Int
    private let tokenizer: any Tokenizer
    private let draw: MaskDraw

    /// - `maxLength`: tokens of a window, with the special ones around it.
    init(tokenizer: any Tokenizer, draw: MaskDraw, maxLength: Int) {
        (self.tokenizer, self.draw, self.maxLength) = (tokenizer, draw, maxLength)
    }

    package var rowsAreApart: Bool { true }
    package var drawsInEpochs: Bool { true }

    package func hasAnswer(_ example: Example) -> Bool { true }

    /// As it is judged.
    package func encode(_ example: Example, _ randomness: Pass.Randomness?) -> EncodedExample {
        let random = CounterRandom(seed: 0, purpose: "mask.judged")
        return EncodedExample(
            tokenizer.windows(of: example.text, length: maxLength).map { draw.row($0, by: random) })
    }

    package func drawn(_ example: EncodedExample, seed: UInt64, epoch: Int) -> EncodedExample {
        let random = CounterRandom(seed: seed, purpose: "mask", step: epoch)
        var drawn = example
        drawn.rows = example.rows.map { draw.row(draw.restored($0), by: random) }
        return drawn
    }
}

/// A text as windows, of which each token is masked by itself once: a row for each of them.
package struct EachMaskedEncoder: Encoder {
    package let maxLength: Int
    private let tokenizer: any Tokenizer
    private let draw: MaskDraw

    init(tokenizer: any Tokenizer, draw: MaskDraw, maxLength: Int) {
        (self.tokenizer, self.draw, self.maxLength) = (tokenizer, draw, maxLength)
    }

    package var rowsAreApart: Bool { true }

    package func hasAnswer(_ example: Example) -> Bool { true }

    package func encode(_ example: Example, _ randomness: Pass.Randomness?) -> EncodedExample {
        EncodedExample(
            tokenizer.windows(of: example.text, length: maxLength).flatMap(draw.rowsOfEach))
    }
}

extension Tokenizer {
    /// A text beside itself in windows, each with the model's special tokens around it; one at least.
    ///
    /// - `length`: tokens of a window, the special ones among them; one of the text's at least.
    fileprivate func windows(of text: String, length: Int) -> [[Int32]] {
        let ids = encode(runs: [[.words(text)]])[0]
        let around = template.around
        let room = max(1, length - around.before.count - around.after.count)
        return stride(from: 0, to: max(1, ids.count), by: room).map { start in
            around.before + ids[start..<min(start + room, ids.count)] + around.after
        }
    }
}
