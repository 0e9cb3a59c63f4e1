import Diagnostics

/// Two evaluations of the same texts, figure by figure, with what their difference may come to by chance.
package struct Comparison: Sendable {
    package let first: NamedEvaluation
    package let second: NamedEvaluation
    package let figures: [Figure]
    /// Of classes; numbers are not right or wrong.
    package let mcNemar: McNemar?
    /// How many texts both were judged on.
    package let count: Int
    /// How often texts were drawn anew.
    package let trials: Int

    /// One figure of both.
    package struct Figure: Sendable, Hashable {
        package let name: String
        package let title: String
        package let isShare: Bool
        package let isLowerBetter: Bool
        package let first: Estimate
        package let second: Estimate
        /// The second's less the first's.
        package let difference: Estimate
        /// How probable a difference as large is where there is none: of the accuracy McNemar's exact one, of others
        /// twice the share of draws in which the difference has the other sign, never less than one draw's.
        package let p: Double
    }

    /// With its interval of 95%.
    package struct Estimate: Sendable, Hashable {
        package let value: Double
        package let interval: ClosedRange<Double>
    }

    /// - Throws: `other-texts` that names both; `Interrupted`.
    package init(
        _ first: NamedEvaluation, _ second: NamedEvaluation, seed: UInt64, interruption: Interruption
    ) throws {
        let isOfNumbers = !first.result.values.isEmpty
        let count = isOfNumbers ? first.result.values.count : first.result.texts.count
        self.count = count
        guard first.texts == second.texts, count > 0,
            count == (isOfNumbers ? second.result.values.count : second.result.texts.count)
        else {
            throw Diagnostic(
                "other-texts",
                "\(first.name.forMessages) was judged on \(first.place) (\(first.result.metrics.count.grouped) texts) and \(second.name.forMessages) on \(second.place) (\(second.result.metrics.count.grouped)): not on the same texts",
                hint: "evaluate both on the same part")
        }
        (self.first, self.second) = (first, second)
        let pair = [first, second].map { evaluation -> any JudgedFigures in
            isOfNumbers ? NumberFigures(evaluation.result) : ClassFigures(evaluation.result)
        }
        let wins = zip(first.result.texts, second.result.texts).map { ($0.isRight, $1.isRight) }
        mcNemar =
            isOfNumbers
            ? nil
            : McNemar(onlyFirst: wins.count { $0.0 && !$0.1 }, onlySecond: wins.count { !$0.0 && $0.1 })
        let bootstrap = Bootstrap(seed: seed)
        trials = bootstrap.trials
        let draws = try (0..<bootstrap.trials).map { trial in
            try interruption.check()
            let drawn = bootstrap.draw(trial, of: count)
            return pair.map { $0.figures(of: drawn) }
        }
        let whole = pair.map { $0.figures(of: Array(0..<count)) }
        figures = pair[0].kinds.enumerated().map { [mcNemar] index, kind in
            func estimate(_ value: Double, _ drawn: [Double]) -> Estimate {
                Estimate(value: value, interval: Bootstrap.interval(of: drawn) ?? value...value)
            }
            let differences = draws.map { $0[1][index] - $0[0][index] }
            let isAccuracy = kind.name == "accuracy"
            let own = zip([first, second], 0...1).map { evaluation, side in
                isAccuracy
                    ? Estimate(value: whole[side][index], interval: evaluation.result.matrix.accuracyInterval)
                    : estimate(whole[side][index], draws.map { $0[side][index] })
            }
            return Figure(
                name: kind.name, title: kind.title, isShare: kind.isShare, isLowerBetter: kind.isLowerBetter,
                first: own[0], second: own[1],
                difference: estimate(whole[1][index] - whole[0][index], differences),
                p: (isAccuracy ? mcNemar?.exact : nil) ?? Self.p(of: differences))
        }
    }

    private static func p(of differences: [Double]) -> Double {
        let tail = min(differences.count { $0 <= 0 }, differences.count { $0 >= 0 })
        return min(1, 2 * Double(max(1, tail)) / Double(max(1, differences.count)))
    }
}
