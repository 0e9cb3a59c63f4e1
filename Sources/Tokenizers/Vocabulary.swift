/// Tokens and their ids: one arena of bytes and a hash table over it.
///
/// Tokens are compared byte for byte; Swift strings are not used as keys, because they hold
/// canonically equivalent texts for equal, which vocabularies do not.
struct Vocabulary: Sendable {
    private var arena: [UInt8] = []
    /// Where token `id` begins in the arena; `ends` likewise. Equal for an id without a token.
    private var starts: [Int32]
    private var ends: [Int32]
    /// Open addressing, at most half full; -1 is free.
    private var slots: [Int32]
    private let mask: Int
    /// Different tokens; ids may leave gaps.
    private(set) var tokenCount = 0
    /// Bytes of the longest token.
    private(set) var longest = 0

    /// - `tokens`: ids need not be in order and may leave gaps; a later token of the same bytes
    ///   replaces the earlier one.
    init(_ tokens: [(token: [UInt8], id: Int32)]) {
        let count = Int(tokens.map(\.id).max() ?? -1) + 1
        starts = [Int32](repeating: 0, count: count)
        ends = starts
        var size = 16
        while size < 2 * tokens.count { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
        mask = size - 1
        for (token, id) in tokens {
            starts[Int(id)] = Int32(arena.count)
            arena.append(contentsOf: token)
            ends[Int(id)] = Int32(arena.count)
            longest = max(longest, token.count)
            let slot = slot(of: token, 0..<token.count)
            if slots[slot] < 0 { tokenCount += 1 }
            slots[slot] = id
        }
    }

    /// One more than the greatest id.
    var count: Int { starts.count }

    func id(of bytes: [UInt8], _ range: Range<Int>) -> Int32? {
        let id = slots[slot(of: bytes, range)]
        return id < 0 ? nil : id
    }

    func id(of token: String) -> Int32? {
        let bytes = Array(token.utf8)
        return id(of: bytes, 0..<bytes.count)
    }

    /// The bytes of a token; nil for an id without one.
    func bytes(of id: Int32) -> ArraySlice<UInt8>? {
        guard starts.indices.contains(Int(id)) else { return nil }
        let range = Int(starts[Int(id)])..<Int(ends[Int(id)])
        return range.isEmpty ? nil : arena[range]
    }

    /// The slot that holds the token, or the free one where it belongs.
    private func slot(of bytes: [UInt8], _ range: Range<Int>) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in range { hash = (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01b3 }
        var slot = Int(truncatingIfNeeded: hash ^ hash >> 29) & mask
        while slots[slot] >= 0, !holds(slots[slot], bytes, range) { slot = (slot + 1) & mask }
        return slot
    }

    private func holds(_ id: Int32, _ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let start = Int(starts[Int(id)])
        guard Int(ends[Int(id)]) - start == range.count else { return false }
        for offset in 0..<range.count where arena[start + offset] != bytes[range.lowerBound + offset] {
            return false
        }
        return true
    }
}
