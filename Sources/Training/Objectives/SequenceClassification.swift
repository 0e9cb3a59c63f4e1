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
    }

    package var parameters: [Parameter] { head.parameters }
    package var summary: String { "classification head, pooling \(head.pooling.rawValue)" }

    package func encode(_ example: Example) throws -> EncodedExample {
        var encoded = EncodedExample(ids: [], identity: UInt64(bitPattern: Int64(example.id)))
        encoded.label = example.label
        if let pair = example.pair {
            (encoded.ids, encoded.segments) = tokenizer.encode(example.text, pair)
            encoded.cut = max(0, encoded.ids.count - maxLength)
            while encoded.ids.count > maxLength { Self.cutLongest(&encoded) }
        } else {
            encoded.ids = tokenizer.encode(example.text, addingSpecialTokens: true)
            encoded.cut = max(0, encoded.ids.count - maxLength)
            if encoded.cut > 0 {
                let end = tokenizer.special.sep.flatMap { $0 == encoded.ids.last ? $0 : nil }
                encoded.ids.removeLast(encoded.cut)
                if let end { encoded.ids[encoded.ids.count - 1] = end }
            }
        }
        // A decoder without special tokens has nothing to read in an empty text.
        if encoded.ids.isEmpty { encoded.ids = [tokenizer.special.bos ?? tokenizer.special.eos ?? 0] }
        return encoded
    }

    /// Takes one token off the end of the longer text, as the reference's longest_first does.
    private static func cutLongest(_ encoded: inout EncodedExample) {
        let second = encoded.segments.firstIndex(of: 1) ?? encoded.ids.count
        let first = second > encoded.ids.count - second ? second : encoded.ids.count
        encoded.ids.remove(at: first - 2)
        encoded.segments.remove(at: first - 2)
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
