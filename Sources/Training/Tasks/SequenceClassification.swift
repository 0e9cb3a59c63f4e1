import Datasets
import Learning
import Models
import Tokenizers

/// Classes by a head over the pooled sequence.
package final class SequenceClassification: LearningTask {
    package static let declaration = TaskDeclaration(
        "classification", usualLength: 256,
        suits: { $0.template == nil && $0.dataset.labels.count > 1 },
        make: { request, maxLength in
            SequenceClassification(
                model: request.model, tokenizer: request.tokenizer, labels: request.dataset.labels,
                pooling: request.pooling, norm: request.headNorm, maxLength: maxLength, seed: request.seed)
        })

    package let labels: [String]
    package let readout: Readout
    package let encoder: any Encoder
    package let summary: String

    /// - `maxLength`: tokens of a sequence, special ones included; longer texts lose their end.
    package init(
        model: any LanguageModel, tokenizer: any Tokenizer, labels: [String], pooling: Pooling? = nil,
        usesPooler: Bool? = nil, norm: HeadNorm? = nil, maxLength: Int, seed: UInt64
    ) {
        self.labels = labels
        let pooling = pooling ?? model.defaultPooling
        readout = .head(
            ClassificationHead(
                for: model, classes: labels.count, pooling: pooling,
                usesPooler: usesPooler ?? (pooling == .cls && model.pooler != nil), norm: norm, seed: seed))
        encoder = SequenceEncoder(model: model, tokenizer: tokenizer, pooling: pooling, maxLength: maxLength)
        let normed = norm.map { ", \($0.rawValue) norm" } ?? ""
        summary = "classification head, pooling \(pooling.rawValue)\(normed)"
    }

    package var loss: any Loss { CrossEntropyLoss() }
    package func judge() -> any Judge { ClassJudge(labels: labels) }
}

/// A text, or a pair of texts, as one row.
package struct SequenceEncoder: Encoder {
    package let maxLength: Int
    private let tokenizer: any Tokenizer
    private let written: WrittenSpecials
    /// What stands between the two texts of a pair besides the tokenizer's own tokens.
    private let separator: [Int32]
    /// What an example's output should be.
    private let target: @Sendable (Example) -> Target?
    /// The token that ends no sequence: the reference takes it for padding.
    private let padding: Int32?

    /// - `target`: of an example; nil where it is not known.
    package init(
        model: any LanguageModel, tokenizer: any Tokenizer, pooling: Pooling, maxLength: Int,
        target: @escaping @Sendable (Example) -> Target? = { $0.label.map(Target.label) }
    ) {
        (self.tokenizer, self.target) = (tokenizer, target)
        separator = model.isCausal ? tokenizer.pairSeparator : []
        written = WrittenSpecials(of: tokenizer)
        self.maxLength = min(maxLength, model.config.context)
        padding = model.isCausal && pooling == .last ? model.config.padding : nil
    }

    package func hasAnswer(_ example: Example) -> Bool { target(example) != nil }

    package func encode(_ example: Example, _ randomness: Pass.Randomness?) -> EncodedExample {
        let (text, pair) = (written.removed(from: example.text), example.pair.map(written.removed))
        let encoding = tokenizer.encode(text.text, pair?.text, limit: maxLength, between: separator)
        var (ids, segments) = (encoding.ids, encoding.segments)
        // What follows the last token that is read changes nothing for it.
        if let padding {
            let end = ids.lastIndex { $0 != padding } ?? 0
            ids = Array(ids.prefix(end + 1))
            segments = Array(segments.prefix(end + 1))
        }
        // A decoder without special tokens has nothing to read in an empty text.
        if ids.isEmpty { ids = [tokenizer.special.bos ?? tokenizer.special.eos ?? 0] }
        var encoded = EncodedExample(
            ids: ids, segments: segments, identity: Row.identity(of: ids, segments),
            target: target(example), cut: encoding.cut)
        encoded.doubled = text.count + (pair?.count ?? 0)
        return encoded
    }
}
