import Tensors

/// The keys and values of a beginning that every sequence shares, computed once.
///
/// While it is being filled, attention records what it sees; afterwards every sequence of a pass
/// attends to it before its own tokens.
package final class PrefixCache: @unchecked Sendable {
    package let length: Int
    private(set) var isFilling = true
    private var entries: [(keys: Buffer, values: Buffer)] = []

    /// - `length`: tokens of the beginning.
    package init(length: Int) {
        self.length = length
    }

    package func finishFilling() { isFilling = false }

    func append(keys: Buffer, values: Buffer) { entries.append((keys, values)) }

    func entry(_ block: Int) -> (keys: Buffer, values: Buffer) { entries[block] }
}
