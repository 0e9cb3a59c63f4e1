import Diagnostics
import System

/// Intervals by drawing the texts of a test anew, with replacement (Efron 1979; of scores of a corpus Koehn 2004).
///
/// The same seed draws the same texts, whatever is asked of them, so that what several say of one test is paired.
package struct Bootstrap: Sendable {
    package let trials: Int
    private let random: CounterRandom

    package init(seed: UInt64, trials: Int = 1000) {
        precondition(trials >= 40, "\(trials) trials for an interval of 95%")
        self.trials = trials
        random = CounterRandom(seed: seed, purpose: "bootstrap")
    }

    /// The places of a trial's texts, as many as there are.
    package func draw(_ trial: Int, of count: Int) -> [Int] {
        (0..<count).map { random.index(trial * count + $0, below: count) }
    }

    /// What the rows of drawn texts add up to, for each trial.
    ///
    /// - `rows`: one for each text, all as long.
    /// - Throws: `Interrupted`.
    package func sums(of rows: [[Double]], interruption: Interruption) throws -> [[Double]] {
        guard let width = rows.first?.count else { return [] }
        let flat = rows.flatMap(\.self)
        return try (0..<trials).map { trial in
            try interruption.check()
            var sums = [Double](repeating: 0, count: width)
            for index in draw(trial, of: rows.count) {
                for place in 0..<width { sums[place] += flat[width * index + place] }
            }
            return sums
        }
    }

    /// The middle 95% of what trials have given: 25 of 1,000 lie to either side, as in sacrebleu.
    package static func interval(of values: [Double]) -> ClosedRange<Double>? {
        let sorted = values.filter(\.isFinite).sorted()
        guard sorted.count >= 40 else { return nil }
        let outside = sorted.count / 40
        return sorted[outside]...sorted[sorted.count - outside - 1]
    }
}
