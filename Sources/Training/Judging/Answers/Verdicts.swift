import Diagnostics

/// What a judge says of two answers to each of some requests, asked in both orders: models prefer the place of an answer
/// too, so that a verdict counts only where both orders give the same (Zheng et al. 2023).
package struct Verdicts: Sendable {
    package enum Verdict: Sendable, Hashable, CaseIterable {
        case first, second
        /// Both orders say that neither is better.
        case even
        /// Each order says something else.
        case undecided
    }

    package let judge: String
    /// By request: 100 where the one that stands first is better without doubt, 50 where neither is, 0 where the other is;
    /// nil where nothing could be read. In the given order, and with the two swapped.
    package let given, swapped: [Double?]

    package init(by judge: String, given: [Double?], swapped: [Double?]) {
        precondition(
            given.count == swapped.count, "\(given.count) verdicts, and \(swapped.count) with answers swapped"
        )
        (self.judge, self.given, self.swapped) = (judge, given, swapped)
    }

    /// By request; nil where an order has no verdict.
    package var verdicts: [Verdict?] {
        zip(given, swapped).map { given, swapped in
            guard let given, let swapped else { return nil }
            let (first, second) = (Self.verdict(given), Self.verdict(100 - swapped))
            return first == second ? first : .undecided
        }
    }

    private static func verdict(_ rating: Double) -> Verdict {
        rating > 50 ? .first : rating < 50 ? .second : .even
    }

    package func count(_ verdict: Verdict) -> Int { verdicts.count { $0 == verdict } }

    /// Requests of which both orders have a verdict, and the others.
    package var judged: Int { verdicts.count { $0 != nil } }
    package var dropped: Int { verdicts.count - judged }

    /// How often both orders say the same, with Wilson's interval of 95%; none where nothing was judged.
    package var agreement: Metrics.Figure {
        share("agreement", judged - count(.undecided), of: judged)
    }

    /// How often the second is better where a verdict names one, with Wilson's interval of 95%.
    package var secondWins: Metrics.Figure {
        share("second_wins", count(.second), of: count(.first) + count(.second))
    }

    /// How often the one that stood first was preferred, over both orders: half where the place does not count.
    package var firstPlace: Metrics.Figure {
        let asked = zip(given, swapped).flatMap { given, swapped -> [Double] in
            guard let given, let swapped else { return [] }
            return [given, swapped].filter { $0 != 50 }
        }
        return share("first_place", asked.count { $0 > 50 }, of: asked.count)
    }

    private func share(_ name: String, _ part: Int, of whole: Int) -> Metrics.Figure {
        Metrics.Figure(
            name, whole == 0 ? 0 : Double(part) / Double(whole),
            in: whole == 0 ? nil : ConfusionMatrix.wilson(right: part, of: whole))
    }

    /// By request, how much the second is preferred, from 0 to 100, as the mean of both orders.
    package var preferences: [Double?] {
        zip(given, swapped).map { given, swapped in
            guard let given, let swapped else { return nil }
            return (100 - given + swapped) / 2
        }
    }

    /// Its mean, with the interval of 95% that a bootstrap over requests gives it; nil where nothing was judged.
    ///
    /// - Throws: `Interrupted`.
    package func preference(seed: UInt64, interruption: Interruption) throws -> Metrics.Figure? {
        try Metrics.Figure(
            meanOf: preferences.compactMap(\.self), named: "preference", seed: seed,
            interruption: interruption)
    }

    /// On how many requests another judge has the same verdict, of those on which both have one.
    package func same(as other: Verdicts) -> (count: Int, of: Int) {
        let both = zip(verdicts, other.verdicts).filter { $0 != nil && $1 != nil }
        return (both.count { $0 == $1 }, both.count)
    }
}
