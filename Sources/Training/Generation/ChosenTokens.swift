import Synchronization

/// Tokens that workers choose side by side, each for its own sequence.
final class ChosenTokens: Sendable {
    private let tokens: Mutex<[Int32]>

    init(_ count: Int) { tokens = Mutex(Array(repeating: 0, count: count)) }

    subscript(index: Int) -> Int32 {
        get { tokens.withLock { $0[index] } }
        set { tokens.withLock { $0[index] = newValue } }
    }
}
