import Datasets
import Diagnostics
import Display
import Learning
import Training

extension LearningTask {
    /// Scores one part of a data set.
    ///
    /// - `tuning`: what is changed about the model.
    /// - `seen`: what the model's weights have learned from.
    /// - Throws: `no-examples` when the part is empty; `Interrupted`.
    func evaluate(
        _ data: LoadedData, on split: Split, model: LoadedModel, under tuning: Tuning?, seen: SeenTexts,
        in context: Context, progress: Progress? = nil
    ) throws -> EvaluationResult {
        let examples = data.dataset[split].filter { $0.label != nil }
        guard !examples.isEmpty else {
            throw Diagnostic(
                "no-examples", "the data set \(data.dataset.name) has no \(split.rawValue) examples",
                hint: "load it with \(split.rawValue)=…, or choose another part with on=…")
        }
        let encoded = try encode(examples, workers: context.workers, interruption: context.interruption)
        let outcome = try Evaluator(
            model: model.model, under: tuning, objective: objective, workers: context.workers
        ).scores(of: encoded, interruption: context.interruption) { done, total in
            progress?.note(done: done, total: total)
        }
        var result = EvaluationResult(
            data: data.dataset.name, split: split, labels: objective.labels,
            truths: examples.compactMap(\.label), outcome: outcome)
        result.seen = seen.count(among: examples)
        result.isSeenWhole = seen.isWhole
        return result
    }
}
