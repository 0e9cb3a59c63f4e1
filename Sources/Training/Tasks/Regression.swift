import Learning
import Models

/// A number for a text, or for two, by a head of one output over the pooled sequence, as Transformers' heads of one label.
package final class Regression: LearningTask {
    package static let declaration = TaskDeclaration(
        "regression", usualLength: 256,
        suits: { $0.template == nil && $0.dataset.shape == .values },
        make: { request, maxLength in Regression(request, maxLength: maxLength) })

    package let readout: Readout
    package let encoder: any Encoder
    package let summary: String

    private init(_ request: TaskRequest, maxLength: Int) {
        let pooling = request.pooling ?? request.model.defaultPooling
        readout = .head(
            ClassificationHead(
                for: request.model, classes: 1, pooling: pooling,
                usesPooler: pooling == .cls && request.model.pooler != nil, norm: request.headNorm,
                seed: request.seed))
        encoder = SequenceEncoder(
            model: request.model, tokenizer: request.tokenizer, pooling: pooling, maxLength: maxLength
        ) { $0.value.map(Target.value) }
        let normed = request.headNorm.map { ", \($0.rawValue) norm" } ?? ""
        summary = "head of one number, pooling \(pooling.rawValue)\(normed)"
    }

    package var loss: any Loss { SquaredErrorLoss() }
    package func judge() -> any Judge { ValueJudge() }
}

extension LearningTask {
    /// Whether it answers with a number.
    package var givesNumber: Bool { labels.isEmpty && head?.classifier.outputs == 1 }
}
