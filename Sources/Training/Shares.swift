/// Cuts a batch into shares that workers take one at a time.
///
/// The cut depends on the batch alone, never on the number of workers, so gradients summed in the
/// order of shares are the same for any number. Shares are balanced by tokens: the longest
/// example goes to the lightest share.
package enum Shares {
    /// - `lengths`: tokens of each example.
    /// - `target`: tokens a share, at most; a large product is nearly as fast from 128 rows on.
    /// - `least`: tokens a share should have before there are more than two: a product of few rows
    ///   spends its time on packing the weights.
    /// - Result: indices of the examples of each share, each in ascending order.
    package static func cut(lengths: [Int], target: Int = 256, least: Int = 128) -> [[Int]] {
        let total = lengths.reduce(0, +)
        let wanted = max(least, min(target, total / 8))
        // An even number, so that two workers have the same to do.
        let pairs = max(1, (total + 2 * wanted - 1) / (2 * wanted))
        let count = max(1, min(lengths.count, total <= wanted && total < least / 2 ? 1 : 2 * pairs))
        var shares = [[Int]](repeating: [], count: count)
        var loads = [Int](repeating: 0, count: count)
        for index in lengths.indices.sorted(by: { (lengths[$1], $0) < (lengths[$0], $1) }) {
            let lightest = loads.indices.min { (loads[$0], $0) < (loads[$1], $1) } ?? 0
            shares[lightest].append(index)
            loads[lightest] += lengths[index]
        }
        return shares.map { $0.sorted() }
    }

    /// Deals shares to partial sums: to each a run of neighbours, as many as to the others or one more.
    ///
    /// Neighbours, so that a process computes its partial sums one after the other, with one in hand,
    /// and that a sum's shares follow from its number alone. Sums without a share are left out.
    package static func deal(_ shares: Int, to sums: Int) -> [Range<Int>] {
        let sums = max(1, sums)
        return (0..<sums).map { $0 * shares / sums..<($0 + 1) * shares / sums }.filter { !$0.isEmpty }
    }
}
