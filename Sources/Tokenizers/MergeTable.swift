/// The merges of a byte-pair encoding: a pair of ids to its rank and the id it becomes.
struct MergeTable: Sendable {
    struct Merge {
        /// Lower merges first.
        let rank: Int32
        let id: Int32
    }

    /// Open addressing, at most half full; a key of all ones is free.
    private var keys: [UInt64]
    private var merges: [Merge]
    private let mask: Int
    private static let free = UInt64.max

    /// The first of two merges of the same pair counts.
    init(_ list: [(left: Int32, right: Int32, rank: Int32, id: Int32)]) {
        var size = 16
        while size < 2 * list.count { size *= 2 }
        keys = [UInt64](repeating: MergeTable.free, count: size)
        merges = [Merge](repeating: Merge(rank: 0, id: 0), count: size)
        mask = size - 1
        for (left, right, rank, id) in list {
            let key = MergeTable.key(left, right)
            let slot = slot(of: key)
            guard keys[slot] == MergeTable.free else { continue }
            keys[slot] = key
            merges[slot] = Merge(rank: rank, id: id)
        }
    }

    @inline(__always)
    subscript(left: Int32, right: Int32) -> Merge? {
        let key = MergeTable.key(left, right)
        let slot = slot(of: key)
        return keys[slot] == key ? merges[slot] : nil
    }

    /// All merges, those first that come first.
    var ranked: [(left: Int32, right: Int32, rank: Int32, id: Int32)] {
        zip(keys, merges).filter { $0.0 != Self.free }.map { key, merge in
            (
                Int32(bitPattern: UInt32(key >> 32)), Int32(bitPattern: UInt32(truncatingIfNeeded: key)),
                merge.rank, merge.id
            )
        }.sorted { ($0.2, $0.0, $0.1) < ($1.2, $1.0, $1.1) }
    }

    @inline(__always)
    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        let hash = key &* 0x9e37_79b9_7f4a_7c15
        var slot = Int(truncatingIfNeeded: hash >> 32) & mask
        while keys[slot] != key, keys[slot] != MergeTable.free { slot = (slot + 1) & mask }
        return slot
    }
}
