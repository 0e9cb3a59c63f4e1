import Compute
import Foundation
import Learning

/// What it costs that a model tells two answers apart as it does.
///
/// Of an answer counts how much more probable the tuned model makes it than the model without the tuning,
/// `log π(y) − log π_ref(y)` over its tokens; of a pair the difference Δ of the two (Rafailov et al. 2023). A new kind is a
/// file beside this and a line in `PreferenceLossRegistry.swift`.
package protocol PreferenceLoss: Loss {
    static var declaration: ChoiceDeclaration { get }

    init(_ values: SettingValues)

    /// Multiplies differences: how far the model may go from where it was.
    var beta: Double { get }

    /// Whether an answer's tokens are averaged and not summed.
    var averagesTokens: Bool { get }

    /// The cost of a difference, and its slope there.
    func cost(_ difference: Double) -> (value: Double, slope: Double)
}

extension SettingDeclaration {
    /// Of the losses of preferences.
    static let beta = SettingDeclaration(
        "beta", "how dearly the model pays for going away from where it was",
        .number(from: 0, to: 1000, isOpen: true),
        usual: .number(0.1), aliases: ["pref_beta", "dpo_beta"])

    /// Of two of them.
    static let mislabelled = SettingDeclaration(
        "label_smoothing", "share of pairs that may be the wrong way round",
        .number(from: 0, to: 0.5, isOpenAbove: true), usual: .number(0), aliases: ["dpo_label_smoothing"])
}

/// Two answers to one request, each by how much more probable the tuned model makes it.
package struct PreferenceGains: Sendable, Hashable {
    /// Of the answer that is liked more, and of the other.
    package var chosen = 0.0
    package var rejected = 0.0

    package var difference: Double { chosen - rejected }

    /// - `losses`: -log p at each place; `places`: an answer that is liked less has tokens of negative weight.
    init(_ losses: some Collection<Float>, _ places: [Learned], averagesTokens: Bool) {
        var counts = (chosen: 0, rejected: 0)
        for (loss, place) in zip(losses, places) {
            let gain = -Double(loss) - Double(place.reference)
            if place.weight > 0 {
                (chosen, counts.chosen) = (chosen + gain, counts.chosen + 1)
            } else {
                (rejected, counts.rejected) = (rejected + gain, counts.rejected + 1)
            }
        }
        guard averagesTokens else { return }
        chosen /= Double(max(1, counts.chosen))
        rejected /= Double(max(1, counts.rejected))
    }
}

extension PreferenceLoss {
    package var isByPlace: Bool { false }
    package var averagesTokens: Bool { false }

    /// A pair counts once, where both of its answers are there.
    package func weight(of example: EncodedExample) -> Double {
        example.rows.count == 2 && example.rows.allSatisfy { !$0.learned.isEmpty } ? 1 : 0
    }

    package func gradient(
        of outputs: Tensor, _ places: [[Learned]], scale: Float, addingTo sum: inout Double
    ) -> Buffer {
        let all = places.flatMap(\.self)
        let labels = CrossEntropyLoss.labels(of: all)
        let losses = CrossEntropy.losses(of: outputs, labels: labels)
        var factors: [Float] = []
        factors.reserveCapacity(all.count)
        var next = 0
        for pair in places {
            let own = losses[next..<next + pair.count]
            next += pair.count
            let (value, slope) = cost(PreferenceGains(own, pair, averagesTokens: averagesTokens).difference)
            sum += value
            let tokens = pair.count { $0.weight > 0 }
            for place in pair {
                let count = averagesTokens ? (place.weight > 0 ? tokens : pair.count - tokens) : 1
                // Of -log p, which falls where the gain rises.
                let sign: Double = place.weight > 0 ? -1 : 1
                factors.append(scale * Float(sign * slope / Double(max(1, count))))
            }
        }
        return CrossEntropy.learn(outputs, labels: labels, factors: factors).gradient
    }
}

/// `log(1 + exp(x))`, which does not overflow.
func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

/// `1 / (1 + exp(-x))`
func sigmoid(_ x: Double) -> Double { x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)) }
