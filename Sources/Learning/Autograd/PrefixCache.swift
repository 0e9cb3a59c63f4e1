import Compute

/// The keys and values of a beginning that every sequence shares, computed once.
///
/// While it is being filled, attention records what it sees; afterwards every sequence of a pass
/// attends to it before its own tokens.
package final class PrefixCache: @unchecked Sendable {
    /// One block's: rows of keys and of values, those that a tuning puts first included.
    struct Entry {
        let keys: Buffer
        let values: Buffer
        let length: Int
    }

    private(set) var isFilling = true
    private var entries: [Int: Entry] = [:]

    package init() {}

    package func finishFilling() { isFilling = false }

    func record(_ entry: Entry, of block: Int) { entries[block] = entry }

    func entry(_ block: Int) -> Entry {
        guard let entry = entries[block] else { preconditionFailure("block \(block) has seen no beginning") }
        return entry
    }
}
