import Learning

/// The learning rate of a method for those who name none.
package struct UsualRate: Sendable, Hashable {
    /// When another rate is usual.
    package enum Circumstance: Sendable, Hashable {
        /// The model writes its answers, and no head is trained.
        case writing
        /// This setting was chosen, and not as it usually is.
        case given(String)
    }

    package struct Exception: Sendable, Hashable {
        package let circumstance: Circumstance
        package let rate: Double
    }

    package let rate: Double
    /// The first that holds goes before `rate`.
    package let exceptions: [Exception]

    package init(_ rate: Double, _ exceptions: (Circumstance, Double)...) {
        self.rate = rate
        self.exceptions = exceptions.map { Exception(circumstance: $0, rate: $1) }
    }

    package func value(for values: SettingValues, isWriting: Bool) -> Double {
        let exception = exceptions.first { exception in
            switch exception.circumstance {
            case .writing: isWriting
            case .given(let name): values.changes.contains { $0.name == name }
            }
        }
        return exception?.rate ?? rate
    }
}
