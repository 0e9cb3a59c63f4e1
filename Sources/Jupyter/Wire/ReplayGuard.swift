import System

/// Remembers the latest signatures, so that a recorded message is not obeyed a second time.
///
/// Memory is bounded: the oldest is forgotten. 128 bits of a signature are kept, which an attacker
/// without the key cannot steer.
struct ReplayGuard: Sendable {
    private var known: Set<Mark> = []
    private var inOrder: [Mark] = []
    private var oldest = 0
    private let capacity: Int

    init(capacity: Int = 1 << 16) {
        self.capacity = capacity
    }

    /// False when the signature was seen before.
    mutating func admit(_ signature: [UInt8]) -> Bool {
        let mark = Mark(signature)
        guard known.insert(mark).inserted else { return false }
        if inOrder.count < capacity {
            inOrder.append(mark)
        } else {
            known.remove(inOrder[oldest])
            inOrder[oldest] = mark
            oldest = (oldest + 1) % capacity
        }
        return true
    }

    private struct Mark: Hashable {
        let high: UInt64
        let low: UInt64

        /// The first 32 hexadecimal digits, upper case read as lower.
        init(_ signature: [UInt8]) {
            let bytes = System.bytes(ofHexadecimal: Array(signature.prefix(32))) ?? []
            high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
            low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
