/// How near numbers are to what they should be, and how alike the two rise and fall.
package struct ValueFigures: Sendable, Hashable {
    package let meanSquaredError: Double
    package let meanAbsoluteError: Double
    /// The mean squared error of always answering the values' mean: what has to be beaten.
    package let meanBaseline: Double
    /// Pearson's correlation, as scipy.stats.pearsonr has it; nil where either side is one number throughout.
    package let pearson: Double?
    /// Spearman's: Pearson's of the ranks, of which equal numbers share the mean one.
    package let spearman: Double?

    /// The share of the values' variance that is explained, as scikit-learn's r2_score has it; below 0 where the mean would
    /// have been nearer.
    package var determination: Double {
        meanBaseline > 0 ? 1 - meanSquaredError / meanBaseline : (meanSquaredError == 0 ? 1 : 0)
    }
}

/// Numbers with what they should be, in one order, of any choice of which figures are made.
package struct ValuePairs: Sendable {
    private let answers: [Double]
    private let truths: [Double]
    /// Their places, the lowest number's first.
    private let answerOrder: [Int]
    private let truthOrder: [Int]

    package init(answers: [Double], truths: [Double]) {
        precondition(answers.count == truths.count, "\(answers.count) answers to \(truths.count) values")
        (self.answers, self.truths) = (answers, truths)
        answerOrder = answers.indices.sorted { (answers[$0], $0) < (answers[$1], $1) }
        truthOrder = truths.indices.sorted { (truths[$0], $0) < (truths[$1], $1) }
    }

    package var count: Int { answers.count }

    /// - `times`: how often each counts; nil for once.
    package func figures(counting times: [Double]? = nil) -> ValueFigures {
        let times = times ?? [Double](repeating: 1, count: count)
        var (total, squared, absolute, sum) = (0.0, 0.0, 0.0, 0.0)
        for place in answers.indices {
            let error = answers[place] - truths[place]
            total += times[place]
            squared += times[place] * error * error
            absolute += times[place] * abs(error)
            sum += times[place] * truths[place]
        }
        let number = max(total, 1)
        let mean = sum / number
        let spread = truths.indices.reduce(0.0) {
            $0 + times[$1] * (truths[$1] - mean) * (truths[$1] - mean)
        }
        let ranks = (
            Self.ranks(answers, answerOrder, times), Self.ranks(truths, truthOrder, times)
        )
        return ValueFigures(
            meanSquaredError: squared / number, meanAbsoluteError: absolute / number,
            meanBaseline: spread / number, pearson: Self.correlation(answers, truths, times, total),
            spearman: Self.correlation(ranks.0, ranks.1, times, total))
    }

    /// From the means, so that far-off numbers lose no digits.
    private static func correlation(
        _ a: [Double], _ b: [Double], _ times: [Double], _ total: Double
    ) -> Double? {
        guard total > 1, isVaried(a, times), isVaried(b, times) else { return nil }
        var (meanA, meanB) = (0.0, 0.0)
        for place in a.indices {
            meanA += times[place] * a[place] / total
            meanB += times[place] * b[place] / total
        }
        var (aa, bb, ab) = (0.0, 0.0, 0.0)
        for place in a.indices {
            let (x, y) = (a[place] - meanA, b[place] - meanB)
            aa += times[place] * x * x
            bb += times[place] * y * y
            ab += times[place] * x * y
        }
        guard aa > 0, bb > 0 else { return nil }
        return min(1, max(-1, ab / (aa.squareRoot() * bb.squareRoot())))
    }

    private static func isVaried(_ values: [Double], _ times: [Double]) -> Bool {
        guard let first = values.indices.first(where: { times[$0] > 0 }) else { return false }
        return values.indices.contains { times[$0] > 0 && values[$0] != values[first] }
    }

    /// From 1 on; equal numbers have the mean of the ranks that they take up.
    private static func ranks(_ values: [Double], _ order: [Int], _ times: [Double]) -> [Double] {
        var ranks = [Double](repeating: 0, count: values.count)
        var (start, before) = (0, 0.0)
        while start < order.count {
            var end = start
            var alike = 0.0
            while end < order.count, values[order[end]] == values[order[start]] {
                alike += times[order[end]]
                end += 1
            }
            for place in start..<end { ranks[order[place]] = before + (alike + 1) / 2 }
            before += alike
            start = end
        }
        return ranks
    }
}
