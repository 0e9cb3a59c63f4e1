/// Merges the symbols of one word: always the pair of lowest rank, the leftmost among equals.
struct SymbolMerger {
    private var ranks: [Int32] = []
    private var merged: [Int32] = []

    /// Longer words go through a heap, so that a page without a space takes no square of its length.
    private static let longestScanned = 48

    /// Merges `symbols` from `start` on, in place.
    mutating func merge(_ symbols: inout [Int32], from start: Int, by table: MergeTable) {
        let count = symbols.count - start
        guard count > 1 else { return }
        if count <= SymbolMerger.longestScanned {
            scan(&symbols, from: start, by: table)
        } else {
            var chain = SymbolChain(symbols[start...], table)
            symbols.removeSubrange(start...)
            chain.merge(by: table, into: &symbols)
        }
    }

    private mutating func scan(_ symbols: inout [Int32], from start: Int, by table: MergeTable) {
        ranks.removeAll(keepingCapacity: true)
        merged.removeAll(keepingCapacity: true)
        for index in start..<symbols.count - 1 {
            let merge = table[symbols[index], symbols[index + 1]]
            ranks.append(merge?.rank ?? .max)
            merged.append(merge?.id ?? 0)
        }
        while true {
            var best = 0
            var least = Int32.max
            for index in ranks.indices where ranks[index] < least {
                least = ranks[index]
                best = index
            }
            guard least < .max else { return }
            symbols[start + best] = merged[best]
            symbols.remove(at: start + best + 1)
            ranks.remove(at: best)
            merged.remove(at: best)
            if best > 0 { look(best - 1, symbols, start, table) }
            if best < ranks.count { look(best, symbols, start, table) }
        }
    }

    private mutating func look(_ index: Int, _ symbols: [Int32], _ start: Int, _ table: MergeTable) {
        let merge = table[symbols[start + index], symbols[start + index + 1]]
        ranks[index] = merge?.rank ?? .max
        merged[index] = merge?.id ?? 0
    }
}

/// A long word as a linked list with a heap of its mergeable pairs.
private struct SymbolChain {
    private var ids: [Int32]
    private var previous: [Int32]
    /// The next symbol's index; -1 at the end, -2 for a symbol that was merged away.
    private var next: [Int32]
    private var heap: [Candidate] = []

    private struct Candidate {
        /// Rank, then position: the order of merging.
        let order: UInt64
        let left: Int32
        let right: Int32
        let id: Int32

        var index: Int { Int(truncatingIfNeeded: order & 0xffff_ffff) }
    }

    init(_ symbols: ArraySlice<Int32>, _ table: MergeTable) {
        ids = Array(symbols)
        previous = (0..<Int32(ids.count)).map { $0 - 1 }
        next = (0..<Int32(ids.count)).map { $0 + 1 }
        next[ids.count - 1] = -1
        for index in 0..<ids.count - 1 { consider(index, table) }
    }

    mutating func merge(by table: MergeTable, into result: inout [Int32]) {
        while let candidate = pop() {
            let index = candidate.index
            let right = Int(next[index])
            guard right >= 0, ids[index] == candidate.left, ids[right] == candidate.right else { continue }
            ids[index] = candidate.id
            next[index] = next[right]
            if next[right] >= 0 { previous[Int(next[right])] = Int32(index) }
            next[right] = -2
            if previous[index] >= 0 { consider(Int(previous[index]), table) }
            consider(index, table)
        }
        var index = 0
        while index >= 0 {
            result.append(ids[index])
            index = Int(next[index])
        }
    }

    private mutating func consider(_ index: Int, _ table: MergeTable) {
        let right = Int(next[index])
        guard right >= 0, let merge = table[ids[index], ids[right]] else { return }
        let order = UInt64(UInt32(bitPattern: merge.rank)) << 32 | UInt64(index)
        heap.append(Candidate(order: order, left: ids[index], right: ids[right], id: merge.id))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].order < heap[parent].order else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func pop() -> Candidate? {
        guard let top = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return top }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].order < heap[least].order { least = child }
            guard least != parent else { return top }
            heap.swapAt(least, parent)
            parent = least
        }
    }
}
