import Compute
import Learning

/// Judges an encoder by the masked words: how probable each of them was, and how many were the likeliest.
///
/// `exp(sum of -log p / words)` is called perplexity, as in Transformers' run_mlm; where each word was masked by itself it is
/// the pseudo-perplexity of Salazar et al. 2020.
package struct MaskedJudge: Judge {
    private var losses: TextJudge
    private var right = 0

    package init(isOfEach: Bool = false) {
        losses = TextJudge(named: isOfEach ? "pseudo_perplexity" : "perplexity")
    }

    package var judgesTokens: Bool { true }
    package var ranking: AnswerRanking? { .loss }

    package mutating func add(_ outputs: Tensor, _ examples: [EncodedExample], numbered numbers: [Int]) {
        let places = examples.flatMap { $0.rows.flatMap(\.learned) }
        let labels = places.map { Int32($0.target?.label ?? 0) }
        right += labels.indices.count { outputs.largest(inRow: $0) == Int(labels[$0]) }
        losses.add(
            losses: CrossEntropy.losses(of: outputs, labels: labels), examples, numbered: numbers)
    }

    package mutating func merge(_ other: MaskedJudge) {
        losses.merge(other.losses)
        right += other.right
    }

    package var answers: [Answer] { losses.answers }

    package var metrics: Metrics {
        var metrics = losses.metrics
        let share = Double(right) / Double(max(1, metrics.tokens ?? 0))
        metrics.figures.append(.init("accuracy", share))
        return metrics
    }
}
