/// Draws rows class by class in a seeded order, so that every prefix has the classes' proportions.
///
/// The order depends on the seed and the texts alone. Held-out rows are taken from its front and
/// training rows from its back: a smaller training set is a prefix of a larger one, and neither
/// moves when the other's size changes.
struct StratifiedDraw {
    /// Class → groups of rows with one text → rows.
    private let groups: [[[Int]]]
    private var isTaken: [[Bool]]
    /// Class sizes: the proportions that every draw keeps.
    private let weights: [Int]
    private let keys: [Int: UInt64]

    /// - Parameters:
    ///   - rows: what may be drawn.
    ///   - classes: the class of each of them; one class when there are none.
    ///   - keys: a number for each row's text; rows with equal texts stay together.
    init(rows: [Int], classes: [Int: Int], keys: [Int: UInt64], seed: UInt64) {
        let random = CounterRandom(seed: seed, purpose: "split")
        let count = (classes.values.max() ?? 0) + 1
        var members = [[(order: UInt64, row: Int)]](repeating: [], count: count)
        for row in rows { members[classes[row] ?? 0].append((random[keys[row] ?? UInt64(row)], row)) }
        groups = members.map { members in
            var result: [[Int]] = []
            var previous: UInt64?
            for (order, row) in members.sorted(by: { ($0.order, $0.row) < ($1.order, $1.row) }) {
                if order == previous { result[result.count - 1].append(row) } else { result.append([row]) }
                previous = order
            }
            return result
        }
        isTaken = groups.map { Array(repeating: false, count: $0.count) }
        weights = members.map(\.count)
        self.keys = keys
    }

    /// Takes rows from the front, whole groups only, so that no text is in two parts.
    mutating func hold(out count: Int) -> [Int] {
        let left = groups.indices.map { label in
            zip(groups[label], isTaken[label]).reduce(0) { $0 + ($1.1 ? 0 : $1.0.count) }
        }
        let quotas = Self.sequence(weights: weights, capacities: left, count: count)
            .reduce(into: [Int](repeating: 0, count: groups.count)) { $0[$1] += 1 }
        var queues: [[Int]] = []
        for label in groups.indices {
            var queue: [Int] = []
            for index in groups[label].indices where !isTaken[label][index] {
                let group = groups[label][index]
                guard queue.count + group.count <= quotas[label] else { continue }
                queue += group
                isTaken[label][index] = true
            }
            queues.append(queue)
        }
        return Self.interleaved(queues, weights: weights, count: count)
    }

    /// Rows from the back that were not held out and share no text with those that were.
    func remaining(_ count: Int?) -> [Int] {
        var heldOut: Set<UInt64> = []
        for label in groups.indices {
            for (group, isTaken) in zip(groups[label], isTaken[label]) where isTaken {
                if let row = group.first, let key = keys[row] { heldOut.insert(key) }
            }
        }
        let queues = groups.indices.map { label in
            zip(groups[label], isTaken[label]).reversed().flatMap { group, isTaken in
                isTaken || group.first.flatMap { keys[$0] }.map(heldOut.contains) == true ? [] : group
            }
        }
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
