import Diagnostics

/// Judges texts that were written by those that they should have been: the judge of tasks that generate.
///
/// Whoever has the texts hands them over; judges that have seen different ones become one.
package struct WrittenTextJudge: Sendable {
    private let metrics: [any TextMetric]
    private var judged: [Judged] = []

    private struct Judged: Sendable {
        let number: Int
        let text: String
        let references: [String]
        /// What it adds to each metric's sums.
        let counts: [[Double]]
    }

    /// - `metrics`: the first is what the task is judged by before others.
    package init(_ metrics: [any TextMetric]) { self.metrics = metrics }

    package var count: Int { judged.count }

    /// - `numbered`: the example's place in the order in which they were asked.
    package mutating func add(_ text: String, references: [String], numbered number: Int) {
        let counts = metrics.map { $0.counts(text, references: references) }
        judged.append(Judged(number: number, text: text, references: references, counts: counts))
    }

    package mutating func merge(_ other: WrittenTextJudge) { judged += other.judged }

    /// The texts with their references, in the order of the numbers.
    package var texts: [(text: String, references: [String])] {
        inOrder.map { ($0.text, $0.references) }
    }

    /// What each metric says of each text alone, in the order of the numbers.
    package func scores(by metric: any TextMetric) -> [Double] {
        inOrder.map { metric.score($0.text, references: $0.references) }
    }

    /// A figure for each metric, with the interval of 95% that a bootstrap gives it.
    ///
    /// - Throws: `Interrupted`.
    package func figures(seed: UInt64, interruption: Interruption) throws -> [Metrics.Figure] {
        let judged = inOrder
        let bootstrap = Bootstrap(seed: seed)
        return try metrics.indices.map { index in
            let rows = judged.map { $0.counts[index] }
            let trials = try bootstrap.sums(of: rows, interruption: interruption)
            return Metrics.Figure(
                metrics[index].name, rows.isEmpty ? 0 : metrics[index].score(rows.summed),
                in: Bootstrap.interval(of: trials.map { metrics[index].score($0) }))
        }
    }

    /// - `loss`: the mean of what the references cost the model, in nats.
    /// - Throws: `Interrupted`.
    package func metrics(loss: Double, seed: UInt64, interruption: Interruption) throws -> Metrics {
        Metrics(
            count: judged.count, loss: loss,
            figures: try figures(seed: seed, interruption: interruption))
    }

    private var inOrder: [Judged] { judged.sorted { $0.number < $1.number } }
}
