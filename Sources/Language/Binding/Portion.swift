import JSON

/// So many, or such a share of all: a count and a percentage stay apart to the end.
///
/// `500` and `1` are counts; `50%`, `100%`, `0.5%` and numbers between 0 and 1 (`0.1`) are shares.
package enum Portion: Sendable, Hashable {
    case count(Int)
    /// From 0 to 1.
    case share(Double)

    /// Nil for what is neither: below 0, more than all, a count with a fraction, and `1.0`, of which nobody
    /// can say which it is.
    ///
    /// - `isShare`: whether a number to 1 without a per cent sign is a share too, as in `warmup_ratio`.
    package init?(_ text: String, isShare: Bool = false) {
        guard let written = WrittenNumber(text), written.value >= 0 else { return nil }
        let value = written.value
        switch written.unit {
        case .percent:
            guard value <= 1, value == 0 || value >= Self.leastShare else { return nil }
            self = .share(value)
        case .bytes:
            return nil
        case .plain where isShare:
            guard value <= 1 else { return nil }
            self = .share(value)
        case .plain where value > 0 && value < 1:
            guard value >= Self.leastShare else { return nil }
            self = .share(value)
        case .plain, .thousands:
            guard !isShare, !(value == 1 && text.contains(".")), let count = written.whole,
                count <= Self.greatestCount
            else { return nil }
            self = .count(count)
        }
    }

    /// More than anybody has, and few enough to reckon with.
    private static let greatestCount = 1_000_000_000_000
    /// A smaller one is none of anything.
    private static let leastShare = 1e-12

    package var isNothing: Bool { self == .count(0) || self == .share(0) }

    package var source: String {
        switch self {
        case .count(let count): String(count)
        case .share(let share): formatted(share * 100) + "%"
        }
    }

    var json: JSON {
        switch self {
        case .count(let count): .integer(count)
        case .share: .string(source)
        }
    }
}

extension Portion: ParameterValue {
    package init?(_ value: Value?) {
        guard case .portion(let portion)? = value else { return nil }
        self = portion
    }
    package var declared: Value? { .portion(self) }
}
