import Diagnostics

/// What a judge says of some answers, each by itself.
package struct Ratings: Sendable {
    package let judge: String
    /// By answer, 0 to 100; nil where the judge said nothing that could be read.
    package let scores: [Double?]

    package init(by judge: String, _ scores: [Double?]) { (self.judge, self.scores) = (judge, scores) }

    package var rated: [Double] { scores.compactMap(\.self) }
    package var dropped: Int { scores.count - rated.count }

    /// The mean, with the interval of 95% that a bootstrap over the answers gives it; nil where nothing was rated.
    ///
    /// - Throws: `Interrupted`.
    package func mean(seed: UInt64, interruption: Interruption) throws -> Metrics.Figure? {
        try Metrics.Figure(meanOf: rated, named: judge, seed: seed, interruption: interruption)
    }
}

extension Metrics.Figure {
    /// The mean of some values, with the interval of 95% that a bootstrap gives it; nil of none.
    ///
    /// - Throws: `Interrupted`.
    package init?(
        meanOf values: [Double], named name: String, seed: UInt64, interruption: Interruption
    ) throws {
        guard !values.isEmpty else { return nil }
        let count = Double(values.count)
        let trials = try Bootstrap(seed: seed).sums(of: values.map { [$0] }, interruption: interruption)
        self.init(
            name, values.reduce(0, +) / count,
            in: values.count > 1 ? Bootstrap.interval(of: trials.map { $0[0] / count }) : nil)
    }
}
