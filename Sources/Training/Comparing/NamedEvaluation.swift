import Datasets
import System

/// An evaluation with what was evaluated, and a number for the texts that it was judged by.
package struct NamedEvaluation: Sendable, Hashable {
    package let name: String
    package let result: EvaluationResult
    /// The same for the same texts with the same classes in the same order.
    package let texts: UInt64
    /// Whether it is of a classifier that had learned nothing.
    package let isUntrained: Bool

    /// - `dataset`: that the result is of.
    package init(
        _ name: String, _ result: EvaluationResult, of dataset: Dataset, isUntrained: Bool = false
    ) {
        (self.name, self.result, self.isUntrained) = (name, result, isUntrained)
        let examples = dataset[result.split]
        guard !result.texts.isEmpty else {
            // Of written texts nothing is kept one by one: the whole part stands for them.
            texts = examples.reduce(CounterRandom.mix(UInt64(examples.count))) { hash, example in
                let value = example.value.map { "\($0)" }
                let answers = [example.answer, example.rejected, value].compactMap(\.self)
                    .joined(separator: "\u{0}")
                return CounterRandom.mix(CounterRandom.mix(hash ^ example.contentHash) ^ answers.stableHash)
            }
            return
        }
        texts = result.texts.reduce(CounterRandom.mix(UInt64(result.texts.count))) { hash, judged in
            let label = dataset.labels[judged.truth].stableHash
            return CounterRandom.mix(CounterRandom.mix(hash ^ examples[judged.index].contentHash) ^ label)
        }
    }

    /// `toy, test`
    package var place: String { "\(result.data), \(result.split.rawValue)" }
}

extension [NamedEvaluation] {
    /// Takes the place of what that name was judged to be on the same texts.
    package mutating func keep(_ evaluation: NamedEvaluation) {
        removeAll { $0.name == evaluation.name && $0.texts == evaluation.texts }
        append(evaluation)
    }

    /// The last of each name that are of the same texts; nil where there are no such.
    package func last(of names: [String]) -> [NamedEvaluation]? {
        let first = reversed().filter { $0.name == names.first }
        return first.lazy.compactMap { evaluation -> [NamedEvaluation]? in
            let found = names.compactMap { name in
                self.last { $0.name == name && $0.texts == evaluation.texts }
            }
            return found.count == names.count ? found : nil
        }.first
    }
}
