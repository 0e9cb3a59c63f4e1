import Learning

/// What a number may be; one that is infinite, or none, is never within.
private struct Limit: Sendable {
    let description: String
    let holds: @Sendable (Double) -> Bool

    static let positive = Limit(description: "above 0") { $0 > 0 }
    static let notNegative = Limit(description: "from 0") { $0 >= 0 }
    static let count = Limit(description: "from 1") { $0 >= 1 }
    static let share = Limit(description: "from 0 to 1") { (0...1).contains($0) }
    /// All of something cannot be left out.
    static let part = Limit(description: "from 0, below 1") { (0..<1).contains($0) }
}

extension TrainerSettings {
    /// What no command would have let in, as in a file that was changed by hand, and what it may be; nil where all are
    /// sound. What is chosen by name (optimizer, schedule, loss) is held to its declaration where it is read.
    var unsound: String? {
        for (name, value, limit) in numbers {
            guard let value, !value.isFinite || !limit.holds(value) else { continue }
            return
                "\(name) is \(Int(exactly: value).map(String.init) ?? "\(value)"), expected a number \(limit.description)"
        }
        return nil
    }

    /// By their keys, nil where nothing is said.
    private var numbers: [(name: String, value: Double?, limit: Limit)] {
        func whole(_ count: Int?) -> Double? { count.map { Double($0) } }
        func single(_ number: Float?) -> Double? { number.map { Double($0) } }
        func length(_ length: Warmup.Length?, from least: Limit) -> (Double?, Limit) {
            switch length {
            case nil: (nil, least)
            case .steps(let count): (Double(count), least)
            case .share(let share): (share, .share)
            }
        }
        let (warmupLength, every) = (length(warmup, from: .notNegative), length(judging?.every, from: .count))
        let all: [(name: String, value: Double?, limit: Limit)] = [
            ("epochs", epochs, .positive), ("batch", whole(batch), .count), ("lr", single(lr), .notNegative),
            ("warmup", warmupLength.0, warmupLength.1), ("clip", single(clip), .notNegative),
            ("dropout.hidden", single(dropout?.hidden), .part),
            ("dropout.attention", single(dropout?.attention), .part),
            ("dropout.head", single(dropout?.head), .part), ("neftune", single(noise), .positive),
            ("steps", whole(maxSteps), .count), ("horizon", whole(horizon), .count),
            ("share tokens", whole(shareTokens), .count), ("sums", whole(sums), .count),
            ("validate_every", every.0, every.1), ("patience", whole(judging?.patience), .count),
            ("min_delta", judging?.leastGain, .notNegative), ("minutes", judging?.minutes, .positive),
            ("samples", whole(judging?.samples), .count),
        ]
        return all + (rates?.given ?? []).map { ("lr.\($0.name)", single($0.rate), .positive) }
    }
}
