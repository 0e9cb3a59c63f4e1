import Synchronization

/// A value that takes a new mark whenever it is set, so that of two copies one can tell which was set since.
///
/// For what is too large to compare, or has an identity and no equality.
@propertyWrapper
package struct Tracked<Value: Sendable>: Sendable {
    /// 0 as long as the first value stands.
    private(set) var mark: UInt64 = 0

    package var wrappedValue: Value {
        didSet { mark = marks.add(1, ordering: .relaxed).newValue }
    }

    package var projectedValue: Tracked<Value> {
        get { self }
        set { self = newValue }
    }

    package init(wrappedValue: Value) {
        self.wrappedValue = wrappedValue
    }
}

/// The marks given so far, to all values of all sessions.
private let marks = Atomic<UInt64>(0)
