import Compute
import Crypto
import Datasets
import Diagnostics
import Foundation
import Learning
import Models
import System

/// What a run is judged by, encoded once: the set that decides, then the others.
package struct Validation: Sendable {
    private let parts: [(set: ValidationSet, encoded: EncodedPart)]
    /// Places among the first set's examples.
    private let samples: [Int]
    private let labels: [String]

    /// - `samples`: how many answers are kept each time, always to the same texts, which `seed` draws.
    /// - Returns: nil without any set.
    /// - Throws: what the encoder throws; `Interrupted`.
    package init?(
        _ sets: [ValidationSet], for task: any LearningTask, samples: Int = 0, seed: UInt64 = 0,
        workers: Workers, interruption: Interruption
    ) throws {
        guard !sets.isEmpty else { return nil }
        parts = try sets.map { set in
            let encoded = try EncodedPart(
                set.dataset, set.split, for: task, workers: workers, interruption: interruption)
            return (set, encoded)
        }
        labels = task.labels
        var random = CounterRandom(seed: seed, purpose: "samples", step: 0)
        self.samples = random.permutation(parts[0].encoded.count).prefix(samples).sorted()
    }

    /// Of all sets together.
    package var tokenCount: Int { parts.reduce(0) { $0 + $1.encoded.tokenCount } }

    /// SHA-256 of what the model reads of the set that decides.
    package var decidingHash: String { parts[0].encoded.hash }

    /// SHA-256 of what the model reads of all sets: of one set alone, its own.
    package var hash: String {
        guard parts.count > 1 else { return decidingHash }
        let all = parts.map(\.encoded.hash).joined(separator: "\n")
        return hexadecimal(of: SHA256.hash(data: Data(all.utf8)))
    }

    /// - `seen`: what the model's weights have learned from.
    /// - Throws: `Interrupted`, `not-finite`.
    package func judgement(
        of model: any LanguageModel, under tuning: Tuning?, seen: SeenTexts, workers: Workers,
        interruption: Interruption, progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void
    ) throws -> Judgement {
        let total = parts.reduce(0) { $0 + $1.encoded.count }
        var before = 0
        var results: [SetResult] = []
        for (index, part) in parts.enumerated() {
            let done = before
            var result = try part.encoded.evaluate(
                model, under: tuning, seen: seen, keepsTexts: index == 0 && !samples.isEmpty,
                workers: workers, interruption: interruption
            ) { count, _ in progress(done + count, total) }
            if part.set.isTest { result.isOfTest = true }
            results.append(SetResult(name: part.set.name, result: result))
            before += part.encoded.count
        }
        var first = results.removeFirst().result
        let answers = samples.filter(first.texts.indices.contains).map { sample(first.texts[$0]) }
        first.texts = []
        return Judgement(first, others: results, samples: answers)
    }

    private func sample(_ judged: JudgedText) -> SampleAnswer {
        let example = parts[0].set.dataset[parts[0].set.split][judged.index]
        let text = example.pair.map { "\(example.text) ¦ \($0)" } ?? example.text
        return SampleAnswer(
            index: judged.index, text: String(text.prefix(SampleAnswer.longest)),
            truth: labels[judged.truth], answer: labels[judged.answer], probability: judged.probability)
    }
}
