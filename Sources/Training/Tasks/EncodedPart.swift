import Compute
import Datasets
import Diagnostics
import Learning
import Models

/// A part of a data set as tokens: encoded once, judged as often as asked.
package struct EncodedPart: Sendable {
    private let data: String
    private let split: Split
    private let task: any LearningTask
    /// Those with a known answer, and their places in the part.
    private let examples: [Example]
    private let places: [Int]
    private let encoded: [EncodedExample]
    /// Those that nothing can be judged of.
    private let leftOut: LeftOut?

    package var count: Int { examples.count }

    /// Of all examples together.
    package var tokenCount: Int { encoded.reduce(0) { $0 + $1.tokenCount } }

    /// SHA-256 of what the model reads, with what is unusual about how its answers are scored.
    package var hash: String {
        RunFingerprint.hash(of: encoded) + (task.scoring == .mean ? " \(WordScoring.mean.rawValue)" : "")
    }

    /// - Throws: `no-examples` when the part is empty; what the encoder throws; `Interrupted`.
    package init(
        _ dataset: Dataset, _ split: Split, for task: any LearningTask, workers: Workers,
        interruption: Interruption
    ) throws {
        let all = dataset[split]
        let known = all.indices.filter { task.encoder.hasAnswer(all[$0]) }
        guard !known.isEmpty else {
            throw Diagnostic(
                "no-examples", "the data set \(dataset.name) has no \(split.rawValue) examples",
                hint: "load it with \(split.rawValue)=…, or choose another part with on=…")
        }
        (data, self.split, self.task) = (dataset.name, split, task)
        let found = try task.encoder.encode(
            known.map { all[$0] }, workers: workers, interruption: interruption)
        let judged = found.indices.filter { index in
            task.encoder.asked(found[index]).rows.contains { !$0.learned.isEmpty }
        }
        let leftOut = LeftOut(of: found, keeping: judged, maxLength: task.maxLength)
        guard !judged.isEmpty else {
            throw Diagnostic(
                "no-labels",
                "nothing can be judged in \(split.rawValue): \(leftOut.text(leaving: "nothing to judge"))",
                about: "max_length", hint: "raise max_length, which load takes too")
        }
        self.leftOut = leftOut.count > 0 ? leftOut : nil
        places = judged.map { known[$0] }
        (examples, encoded) = (places.map { all[$0] }, judged.map { found[$0] })
    }

    /// - `seen`: what the model's weights have learned from.
    /// - `keepsTexts`: whether the result says what the model made of each text.
    /// - Throws: `Interrupted`, `not-finite`.
    package func evaluate(
        _ model: any LanguageModel, under tuning: Tuning?, seen: SeenTexts, keepsTexts: Bool = false,
        workers: Workers, interruption: Interruption,
        progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws -> EvaluationResult {
        let encoded = try task.prepared(encoded, by: model, workers: workers, interruption: interruption)
        let outcome = try Evaluator(
            model: model, under: tuning, task: task, workers: workers,
            isUntuned: seen.isUntuned(under: tuning)
        ).evaluate(encoded, interruption: interruption, progress: progress)
        var result = EvaluationResult(data: data, split: split, outcome: outcome)
        result.seen = seen.count(among: examples)
        result.isSeenWhole = seen.isWhole
        result.leftOut = leftOut
        guard keepsTexts else { return result }
        result.ranking = task.judge().ranking
        if let ranking = result.ranking {
            result.ranked = outcome.answers.map { ranked($0, by: ranking) }
        } else {
            result.texts = outcome.answers.compactMap(judged)
            result.values = outcome.answers.compactMap(judgedValue)
        }
        return result
    }

    private func ranked(_ answer: Answer, by ranking: AnswerRanking) -> RankedText {
        let (figure, example) = (ranking.figure(of: answer), encoded[answer.number])
        return RankedText(
            index: places[answer.number], figure: figure, cost: ranking.cost(figure),
            isWrong: ranking.isWrong(figure), tokens: example.rows.map(\.ids.count).max() ?? 0,
            cut: example.cut)
    }

    /// Nil where the answer is no class.
    private func judged(_ answer: Answer) -> JudgedText? {
        guard let truth = answer.truth?.label, answer.values.indices.contains(truth) else { return nil }
        let example = encoded[answer.number]
        return JudgedText(
            index: places[answer.number], truth: truth, answer: answer.prediction,
            logTruth: answer.values[truth], logAnswer: answer.values[answer.prediction],
            tokens: example.rows.first?.ids.count ?? 0, cut: example.cut)
    }

    /// Nil where the answer is no number.
    private func judgedValue(_ answer: Answer) -> JudgedValue? {
        guard let truth = answer.truth?.value, let value = answer.values.first else { return nil }
        let example = encoded[answer.number]
        return JudgedValue(
            index: places[answer.number], truth: truth, answer: value,
            tokens: example.rows.first?.ids.count ?? 0, cut: example.cut)
    }
}
