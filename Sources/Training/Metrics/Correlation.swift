/// How two rows of numbers go together, from -1 to 1.
package struct Correlation: Sendable, Hashable {
    /// Of the values (Pearson), and of their ranks, equal ones sharing the mean of theirs (Spearman).
    package let pearson, spearman: Double
    package let count: Int

    /// Of those places where both have a number; nil where fewer than two do, or all of one row are equal.
    package init?(_ first: [Double?], _ second: [Double?]) {
        precondition(first.count == second.count, "\(first.count) numbers beside \(second.count)")
        let pairs = zip(first, second).compactMap { first, second in
            first.flatMap { a in second.map { (a, $0) } }
        }
        let (a, b) = (pairs.map(\.0), pairs.map(\.1))
        guard let pearson = Self.product(a, b), let spearman = Self.product(Self.ranks(a), Self.ranks(b))
        else { return nil }
        (self.pearson, self.spearman, count) = (pearson, spearman, pairs.count)
    }

    private static func product(_ a: [Double], _ b: [Double]) -> Double? {
        guard a.count > 1 else { return nil }
        let count = Double(a.count)
        let (meanA, meanB) = (a.reduce(0, +) / count, b.reduce(0, +) / count)
        var (ab, aa, bb) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            ab += (x - meanA) * (y - meanB)
            aa += (x - meanA) * (x - meanA)
            bb += (y - meanB) * (y - meanB)
        }
        guard aa > 0, bb > 0 else { return nil }
        return max(-1, min(1, ab / (aa * bb).squareRoot()))
    }

    /// From 1 on.
    private static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            let end = order[start...].firstIndex { values[$0] != values[order[start]] } ?? order.count
            for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
            start = end
        }
        return ranks
    }
}
