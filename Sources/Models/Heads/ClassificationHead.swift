import Compute
import Learning
import System

/// What stands between the pooled vectors and the classifier.
package enum HeadNorm: String, Sendable, CaseIterable, Codable {
    /// PyTorch's BatchNorm1d.
    case batch
}

/// Pools a sequence to one vector and maps it to classes, or to a number.
package final class ClassificationHead: @unchecked Sendable {
    package let pooling: Pooling
    /// BERT's dense layer with tanh between pooling and classifier, when it is used.
    package let pooler: Linear?
    /// Over the pooled vectors of a batch, where there is one.
    package let norm: BatchNorm?
    package let classifier: Linear
    private static let site = RandomSite("head.dropout")

    /// A fresh head; its weights are normal with deviation 0.02, the bias zero, as the reference's.
    ///
    /// - `classes`: 2 or more; 1 for a number.
    package init(
        for model: any LanguageModel, classes: Int, pooling: Pooling, usesPooler: Bool,
        norm: HeadNorm? = nil, seed: UInt64
    ) {
        self.pooling = pooling
        pooler = usesPooler ? model.pooler : nil
        let width = model.config.width
        let name = model.isCausal ? "score" : "classifier"
        let values = Buffer(count: classes * width)
        var random = CounterRandom(seed: seed, purpose: "init.\(name)")
        for index in 0..<classes * width { values.pointer[index] = random.normal() * 0.02 }
        let weight = Parameter(name: "\(name).weight", shape: [classes, width], buffer: values)
        let bias =
            model.isCausal
            ? nil : Parameter(name: "\(name).bias", shape: [classes], buffer: Buffer(zeros: classes))
        classifier = Linear(path: name, weight: weight, bias: bias)
        self.norm = norm == .batch ? BatchNorm(path: "\(name).norm", width: width) : nil
    }

    package var parameters: [Parameter] {
        [classifier.weight] + (classifier.bias.map { [$0] } ?? []) + (norm?.parameters ?? [])
    }

    /// Running statistics, which are never trained.
    package var buffers: [Parameter] { norm?.buffers ?? [] }

    /// What files hold of it.
    package var tensors: [Parameter] { parameters + buffers }

    package var normKind: HeadNorm? { norm == nil ? nil : .batch }

    /// What a classifier stands beside: the language head, and a pooler that it does not use.
    package func unread(of model: any LanguageModel) -> [Parameter] {
        model.store.parameters.filter { parameter in
            let part = model.part(of: parameter.name)
            return part == .languageHead || part == .pooler && pooler == nil
        }
    }

    /// (tokens, width) to logits (sequences, classes).
    package func logits(_ h: Tensor, _ pass: Pass) throws -> Tensor {
        var pooled = pass.pool(h, pooling)
        if let pooler { pooled = pass.activate(try pooler(pooled, pass), .tanh) }
        if let norm { pooled = pass.batchNorm(pooled, norm) }
        return try classifier(
            pass.dropout(pooled, p: pass.tuning?.dropout.head ?? 0, at: Self.site), pass)
    }
}
