import Foundation
import Learning

/// Judges pairs of answers: how often the one that is liked more has gained more, and by how much.
///
/// A reward is `β (log π(y) − log π_ref(y))`, a margin the difference of a pair's two (Rafailov et al. 2023).
package struct PreferenceJudge: Judge {
    private let loss: any PreferenceLoss
    private var kept: [Judged] = []

    private struct Judged: Sendable {
        let number: Int
        let gains: PreferenceGains
    }

    package init(_ loss: any PreferenceLoss) { self.loss = loss }

    package var readsLosses: Bool { true }
    package var comparesExactly: Bool { true }
    package var ranking: AnswerRanking? { .margin }

    package mutating func add(losses: [Float], _ examples: [EncodedExample], numbered numbers: [Int]) {
        var next = 0
        for (example, number) in zip(examples, numbers) {
            let places = example.rows.flatMap(\.learned)
            let own = losses[next..<next + places.count]
            next += places.count
            kept.append(
                Judged(
                    number: number,
                    gains: PreferenceGains(own, places, averagesTokens: loss.averagesTokens)))
        }
    }

    package mutating func merge(_ other: PreferenceJudge) { kept += other.kept }

    /// Each pair's margin.
    package var answers: [Answer] {
        kept.sorted { $0.number < $1.number }.map {
            Answer(number: $0.number, values: [Float(loss.beta * $0.gains.difference)], truth: nil)
        }
    }

    package var metrics: Metrics {
        let pairs = kept.sorted { $0.number < $1.number }.map(\.gains)
        let count = Double(max(1, pairs.count))
        func mean(_ value: (PreferenceGains) -> Double) -> Double {
            pairs.reduce(0) { $0 + value($1) } / count
        }
        let right = pairs.count { $0.difference > 0 }
        return Metrics(
            count: pairs.count, loss: mean { loss.cost($0.difference).value },
            figures: [
                .init(
                    "accuracy", Double(right) / count,
                    in: ConfusionMatrix.wilson(right: right, of: pairs.count)),
                .init("margin", mean { loss.beta * $0.difference }),
                .init("chosen reward", mean { loss.beta * $0.chosen }),
                .init("rejected reward", mean { loss.beta * $0.rejected }),
            ])
    }
}

/// Keeps each place's -log p.
struct LossCollector: Judge {
    private var kept: [Answer] = []

    var readsLosses: Bool { true }
    var comparesExactly: Bool { true }

    mutating func add(losses: [Float], _ examples: [EncodedExample], numbered numbers: [Int]) {
        var next = 0
        for (example, number) in zip(examples, numbers) {
            let count = example.rows.reduce(0) { $0 + $1.learned.count }
            kept.append(Answer(number: number, values: Array(losses[next..<next + count]), truth: nil))
            next += count
        }
    }

    mutating func merge(_ other: LossCollector) { kept += other.kept }

    var answers: [Answer] { kept.sorted { $0.number < $1.number } }
    var metrics: Metrics { Metrics(count: kept.count, loss: 0, figures: []) }
}
