/// What a model wrote, beside what was known.
package struct WrittenAnswer: Sendable, Hashable {
    /// Its place in the part.
    package let index: Int
    /// What was asked, in its own words.
    package let request: String
    package let text, reference: String
    package let ending: WrittenText.Ending
    /// By the first figure that was asked for; nil where nobody has asked.
    package internal(set) var score: Double?
}

extension EvaluationResult {
    /// Answers that were written, by what the first figure that was asked for says of each alone.
    ///
    /// Wrong is one that is not as good as its reference would be.
    package var rankedByWriting: [RankedText] {
        guard let metric = writtenMetric.flatMap(TextMetricRegistry.named) else { return [] }
        return written.compactMap { answer in
            guard let score = answer.score else { return nil }
            let best = metric.isLowerBetter ? 0.0 : metric.isShare ? 1 : 100
            return RankedText(
                index: answer.index, figure: score, cost: metric.isLowerBetter ? score : -score,
                isWrong: abs(score - best) > 1e-9, written: answer.text)
        }
    }
}
