import Compute

/// The keys and values of a sequence that goes on, in every block, so that a pass over its next tokens is all it takes.
///
/// Passes write it one after the other: each adds what its rows have become, behind what a tuning has every
/// sequence see first.
package final class SequenceMemory: @unchecked Sendable {
    /// One block's, each (capacity, columns), of which the first `count` rows are there.
    struct Block {
        fileprivate(set) var keys: Buffer
        fileprivate(set) var values: Buffer
        fileprivate(set) var count: Int
    }

    private var blocks: [Int: Block] = [:]
    /// Rows that memory is made for at a time, at least.
    private static let least = 64

    package init() {}

    /// One that goes on by itself from here.
    package func copy() -> SequenceMemory {
        let other = SequenceMemory()
        other.blocks = blocks.mapValues {
            Block(keys: $0.keys.copy(), values: $0.values.copy(), count: $0.count)
        }
        return other
    }

    func count(of block: Int) -> Int { blocks[block]?.count ?? 0 }

    func block(_ index: Int) -> Block {
        guard let block = blocks[index] else { preconditionFailure("block \(index) has seen nothing") }
        return block
    }

    /// Adds rows to a block's.
    ///
    /// - `k`, `v`: of which `columns` from their offset on are taken.
    func add(_ rows: Range<Int>, of k: Columns, _ v: Columns, columns: Int, to index: Int) {
        var block = room(for: rows.count, columns: columns, in: index)
        for (place, row) in rows.enumerated() {
            let target = (block.count + place) * columns
            for (from, into) in [(k, block.keys), (v, block.values)] {
                let start = from.tensor.pointer + row * from.tensor.columns + from.offset
                (into.pointer + target).update(from: start, count: columns)
            }
        }
        block.count += rows.count
        blocks[index] = block
    }

    /// A block with memory for more rows: half as many again as there are, so that rows are seldom moved.
    private func room(for more: Int, columns: Int, in index: Int) -> Block {
        let known = blocks[index] ?? Block(keys: Buffer(count: 0), values: Buffer(count: 0), count: 0)
        let wanted = known.count + more
        guard wanted * columns > known.keys.count else { return known }
        let capacity = max(wanted, known.count + known.count / 2) + Self.least
        func moved(_ old: Buffer) -> Buffer {
            let made = Buffer(count: capacity * columns)
            made.pointer.update(from: old.pointer, count: known.count * columns)
            return made
        }
        return Block(keys: moved(known.keys), values: moved(known.values), count: known.count)
    }
}
