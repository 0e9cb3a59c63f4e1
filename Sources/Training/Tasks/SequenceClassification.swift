import Datasets
import Diagnostics
import Foundation
import Learning
import Models
import Tensors
import Tokenizers

/// Cross-entropy of a classification head over the pooled sequence.
package final class SequenceClassification: Objective {
    package let labels: [String]
    package let head: ClassificationHead
    private let tokenizer: any Tokenizer
    private let maxLength: Int
    /// The token that ends no sequence: the reference takes it for padding.
    private let padding: Int32?

    /// - `maxLength`: tokens of a sequence, special ones included; longer texts lose their end.
    package init(
        model: any LanguageModel, tokenizer: any Tokenizer, labels: [String], pooling: Pooling? = nil,
        usesPooler: Bool? = nil, maxLength: Int, seed: UInt64
    ) {
        self.labels = labels
        self.tokenizer = tokenizer
        self.maxLength = min(maxLength, model.config.context)
        let pooling = pooling ?? model.defaultPooling
        head = ClassificationHead(
            for: model, classes: labels.count, pooling: pooling,
            usesPooler: usesPooler ?? (pooling == .cls && model.pooler != nil), seed: seed)
        padding = model.isCausal && pooling == .last ? model.config.padding : nil
    }

    package var parameters: [Parameter] { head.parameters }
    package func unread(of model: any LanguageModel) -> [Parameter] { head.unread(of: model) }
    package var summary: String { "classification head, pooling \(head.pooling.rawValue)" }

    package func encode(_ example: Example) throws -> EncodedExample {
        let encoding = tokenizer.encode(example.text, example.pair, limit: maxLength)
        var encoded = EncodedExample(ids: encoding.ids, identity: UInt64(bitPattern: Int64(example.id)))
        (encoded.segments, encoded.cut) = (encoding.segments, encoding.cut)
        encoded.label = example.label
        // What follows the last token that is read changes nothing for it.
        if let padding {
            let end = encoded.ids.lastIndex { $0 != padding } ?? 0
            encoded.ids = Array(encoded.ids.prefix(end + 1))
            encoded.segments = Array(encoded.segments.prefix(end + 1))
        }
        // A decoder without special tokens has nothing to read in an empty text.
        if encoded.ids.isEmpty { encoded.ids = [tokenizer.special.bos ?? tokenizer.special.eos ?? 0] }
        return encoded
    }

    package func termCount(_ example: EncodedExample) -> Int { 1 }

    package func firstRead(of example: EncodedExample) -> Int {
        head.pooling == .last ? example.ids.count - 1 : 0
    }

    package func learn(
        _ h: Tensor, _ examples: [EncodedExample], model: any LanguageModel, scale: Float, _ pass: Pass
    ) throws -> ShareLoss {
        try TermLoss.learn(
            head.logits(h, pass), labels: examples.map { Int32($0.label ?? 0) }, scale: scale, pass)
    }

    package func scores(
        _ h: Tensor, _ examples: [EncodedExample], model: any LanguageModel, _ pass: Pass
    ) throws -> [[Float]] {
        let logits = try head.logits(h, pass)
        let values = logits.floats
        return (0..<logits.rows).map { row in
            logSoftmax(Array(values[row * logits.columns..<(row + 1) * logits.columns]))
        }
    }
}

/// `x - log(sum(exp(x)))`.
func logSoftmax(_ x: [Float]) -> [Float] {
    let top = x.max() ?? 0
    let sum = x.reduce(Float(0)) { $0 + exp($1 - top) }
    return x.map { $0 - top - log(sum) }
}
