/// A figure of texts that are compared with what they should have been: what each text adds, and what the sums come to.
///
/// Scores of a whole corpus are no means over texts; since all that is added up is known by text, they can be
/// resampled. A new one is a file beside this and a line in `TextMetricRegistry.swift`.
package protocol TextMetric: Sendable {
    /// As it is called in figures: `bleu`.
    var name: String { get }
    /// In a sentence: `BLEU`.
    var title: String { get }
    /// Whether it is a share of one; else it goes from 0 to 100 (a TER beyond), as sacrebleu has it.
    var isShare: Bool { get }
    var isLowerBetter: Bool { get }

    /// What it comes apart into where references are known; itself as a rule.
    func parts(of references: [String]) -> [any TextMetric]

    /// What one text adds to the sums, always so many numbers.
    ///
    /// - `references`: at least one.
    func counts(_ text: String, references: [String]) -> [Double]

    /// - `sums`: over all texts.
    func score(_ sums: [Double]) -> Double
}

extension TextMetric {
    package var isShare: Bool { false }
    package var isLowerBetter: Bool { false }
    package func parts(of references: [String]) -> [any TextMetric] { [self] }

    /// Of one text alone.
    package func score(_ text: String, references: [String]) -> Double {
        score(counts(text, references: references))
    }

    /// Of a corpus.
    package func score(_ texts: [String], references: [[String]]) -> Double {
        precondition(texts.count == references.count, "\(texts.count) texts, \(references.count) references")
        let counts = zip(texts, references).map { self.counts($0, references: $1) }
        return score(counts.summed)
    }
}

/// A metric that is the mean of what each text is worth alone.
package protocol MeanTextMetric: TextMetric {
    /// - `reference`: of several the one counts by which the text is worth most.
    func worth(_ text: String, _ reference: String) -> Double
}

extension MeanTextMetric {
    package var isShare: Bool { true }

    package func counts(_ text: String, references: [String]) -> [Double] {
        [references.map { worth(text, $0) }.max() ?? 0, 1]
    }

    package func score(_ sums: [Double]) -> Double { sums[1] > 0 ? sums[0] / sums[1] : 0 }
}

extension [[Double]] {
    /// Place by place, in their order.
    var summed: [Double] {
        guard var sums = first else { return [] }
        for row in dropFirst() { for place in sums.indices { sums[place] += row[place] } }
        return sums
    }
}
