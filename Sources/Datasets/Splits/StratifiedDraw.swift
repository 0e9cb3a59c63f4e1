import System

/// Draws rows class by class in a seeded order, so that every prefix has the classes' proportions.
///
/// The order depends on the seed and the texts alone. Held-out rows are taken from its front and
/// training rows from its back: a smaller training set is a prefix of a larger one, and neither
/// moves when the other's size changes. Rows with equal texts are one group, whatever their
/// classes, and a group is never divided between held-out rows and others; one with several
/// classes counts as its most frequent (the first of those, when there are several).
struct StratifiedDraw {
    /// Class → groups of rows with one text, in their order.
    private var strata: [[Group]]
    /// Rows of each class's groups: the proportions that every draw keeps.
    private let weights: [Int]

    private struct Group {
        let order: UInt64
        let rows: [Int]
        var isTaken = false
    }

    /// - Parameters:
    ///   - rows: what may be drawn.
    ///   - classes: the class of each of them; one class when there are none.
    ///   - keys: a number for each row's text; rows with equal texts stay together.
    init(rows: [Int], classes: [Int: Int], keys: [Int: UInt64], seed: UInt64) {
        let random = CounterRandom(drawing: "split", seed: seed)
        let count = (classes.values.max() ?? 0) + 1
        var strata = [[Group]](repeating: [], count: count)
        for (key, members) in Dictionary(grouping: rows, by: { keys[$0] ?? UInt64($0) }) {
            var counts = [Int: Int]()
            for row in members { counts[classes[row] ?? 0, default: 0] += 1 }
            let most = counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
            strata[most].append(Group(order: random[key], rows: members.sorted()))
        }
        self.strata = strata.map { $0.sorted { ($0.order, $0.rows[0]) < ($1.order, $1.rows[0]) } }
        weights = strata.map { $0.reduce(0) { $0 + $1.rows.count } }
    }

    /// Takes rows from the front, whole groups only, so that no text is in two parts.
    ///
    /// Where texts are repeated that may be fewer than asked for. It is more only where each group
    /// is larger than what was asked for: then it is the smallest, if that is at most twice as large
    /// and `needed` rows are left.
    mutating func hold(out count: Int, leaving needed: Int) -> [Int] {
        let left = strata.map { $0.reduce(0) { $0 + ($1.isTaken ? 0 : $1.rows.count) } }
        let quotas = Self.sequence(weights: weights, capacities: left, count: count)
            .reduce(into: [Int](repeating: 0, count: strata.count)) { $0[$1] += 1 }
        var queues = strata.indices.map { take(from: $0, upTo: quotas[$0]) }
        var missing = count - queues.reduce(0) { $0 + $1.count }
        for label in strata.indices where missing > 0 {
            let more = take(from: label, upTo: missing)
            queues[label] += more
            missing -= more.count
        }
        if missing == count, count > 0, let (label, index) = smallest {
            let group = strata[label][index].rows
            guard group.count <= 2 * count, left.reduce(0, +) - group.count >= max(1, needed) else {
                return []
            }
            strata[label][index].isTaken = true
            return group
        }
        return Self.interleaved(queues, weights: weights, count: count)
    }

    private mutating func take(from label: Int, upTo quota: Int) -> [Int] {
        var rows: [Int] = []
        for (index, group) in strata[label].enumerated()
        where !group.isTaken && rows.count + group.rows.count <= quota {
            rows += group.rows
            strata[label][index].isTaken = true
        }
        return rows
    }

    /// The place of the smallest group that is left; the first in order of several.
    private var smallest: (label: Int, index: Int)? {
        let places = strata.indices.flatMap { label in
            strata[label].indices.filter { !strata[label][$0].isTaken }.map { (label: label, index: $0) }
        }
        return places.min { one, other in
            let (one, other) = (strata[one.label][one.index], strata[other.label][other.index])
            return (one.rows.count, one.order) < (other.rows.count, other.order)
        }
    }

    /// Rows from the back that were not held out.
    func remaining(_ count: Int?) -> [Int] {
        let queues = strata.map { $0.reversed().flatMap { $0.isTaken ? [] : $0.rows } }
        return Self.interleaved(queues, weights: weights, count: count ?? .max)
    }

    /// Rows from the queues so that every prefix is as near to the proportions as whole rows can be.
    private static func interleaved(_ queues: [[Int]], weights: [Int], count: Int) -> [Int] {
        var next = [Int](repeating: 0, count: queues.count)
        return sequence(weights: weights, capacities: queues.map(\.count), count: count).map { label in
            next[label] += 1
            return queues[label][next[label] - 1]
        }
    }

    /// Which class gives the next row, again and again (Sainte-Laguë's divisors, which, unlike
    /// largest remainders, never take a row back when more are asked for).
    private static func sequence(weights: [Int], capacities: [Int], count: Int) -> [Int] {
        let total = min(count, capacities.reduce(0, +))
        var given = [Int](repeating: 0, count: weights.count)
        var result: [Int] = []
        result.reserveCapacity(total)
        while result.count < total {
            var best = -1
            for label in weights.indices where given[label] < capacities[label] {
                if best < 0 || weights[label] * (2 * given[best] + 1) > weights[best] * (2 * given[label] + 1)
                {
                    best = label
                }
            }
            given[best] += 1
            result.append(best)
        }
        return result
    }
}
