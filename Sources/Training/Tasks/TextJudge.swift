import Foundation
import Learning
import System

/// Judges texts by how probable each of their tokens was: `exp(sum of -log p / tokens)` is the perplexity.
///
/// All tokens count alike, whichever text they are of. The interval is of a bootstrap over texts, since the tokens of one
/// depend on each other (Efron 1979).
package struct TextJudge: Judge {
    /// Resamples, and what draws them: the same texts always have the same interval.
    private static let resamples = 1000

    private let name: String
    private var kept: [Judged] = []

    private struct Judged: Sendable {
        let number: Int
        let loss: Double
        let tokens: Int
    }

    /// - `name`: what `exp` of the mean loss is called.
    package init(named name: String = "perplexity") { self.name = name }

    package var readsLosses: Bool { true }
    package var ranking: AnswerRanking? { .loss }

    package mutating func add(
        losses: [Float], _ examples: [EncodedExample], numbered numbers: [Int]
    ) {
        var next = 0
        for (example, number) in zip(examples, numbers) {
            let count = example.rows.reduce(0) { $0 + $1.learned.count }
            let loss = losses[next..<next + count].reduce(0.0) { $0 + Double($1) }
            kept.append(Judged(number: number, loss: loss, tokens: count))
            next += count
        }
        precondition(next == losses.count, "\(losses.count) losses of \(next) tokens")
    }

    package mutating func merge(_ other: TextJudge) { kept += other.kept }

    /// The windows of a text are summed in the order in which they were judged, which is the same each time.
    private var inOrder: [Judged] {
        Dictionary(grouping: kept, by: \.number).map { number, parts in
            let (loss, tokens) = Self.sum(parts)
            return Judged(number: number, loss: loss, tokens: tokens)
        }.sorted { $0.number < $1.number }
    }

    /// Each text's mean of -log p over its tokens.
    package var answers: [Answer] {
        inOrder.map {
            Answer(number: $0.number, values: [Float($0.loss / Double(max(1, $0.tokens)))], truth: nil)
        }
    }

    package var metrics: Metrics {
        let judged = inOrder
        let (loss, tokens) = Self.sum(judged)
        let mean = loss / Double(max(1, tokens))
        var metrics = Metrics(
            count: judged.count, loss: mean,
            figures: [.init(name, exp(mean), in: Self.interval(of: judged))])
        metrics.tokens = tokens
        return metrics
    }

    private static func sum(_ judged: some Sequence<Judged>) -> (loss: Double, tokens: Int) {
        judged.reduce((0, 0)) { ($0.0 + $1.loss, $0.1 + $1.tokens) }
    }

    /// Of the perplexity, 95%; nil of a single text.
    private static func interval(of judged: [Judged]) -> ClosedRange<Double>? {
        guard judged.count > 1 else { return nil }
        let random = CounterRandom(drawing: "bootstrap", seed: 0)
        let found = (0..<resamples).map { resample in
            let drawn = judged.indices.lazy.map {
                judged[random.index(resample * judged.count + $0, below: judged.count)]
            }
            let (loss, tokens) = sum(drawn)
            return exp(loss / Double(max(1, tokens)))
        }.sorted()
        guard let low = found.dropFirst(resamples / 40).first, low.isFinite,
            found[resamples * 39 / 40].isFinite
        else { return nil }
        return low...found[resamples * 39 / 40]
    }
}
