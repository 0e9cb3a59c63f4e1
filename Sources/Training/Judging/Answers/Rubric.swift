/// What a language model is asked about answers, always in the same words.
package enum Rubric: Sendable, Hashable {
    /// One answer by itself.
    case alone
    /// Which of two is better.
    case pair

    package var instruction: String {
        switch self {
        case .alone:
            "Rate how well the answer does what the request asks for: whether it is correct, complete, to the point "
                + "and clearly written. Reply with a number from 0 (useless) to 100 (perfect), in steps of ten, and "
                + "nothing else."
        case .pair:
            "Which of the two answers does better what the request asks for: which is more correct, complete, to the "
                + "point and clearly written? Reply with 1 or 2, and nothing else."
        }
    }

    /// What is rated, under headings.
    package func input(_ answer: JudgedAnswer) -> String {
        let request = answer.source.map { "Request:\n\($0)\n\n" } ?? ""
        return switch self {
        case .alone: request + "Answer:\n\(answer.hypothesis)"
        case .pair: request + "Answer 1:\n\(answer.hypothesis)\n\nAnswer 2:\n\(answer.other ?? "")"
        }
    }

    /// What may be replied, as it is written, and what that is worth.
    package var replies: [(text: String, rating: Double)] {
        switch self {
        case .alone: stride(from: 0, through: 100, by: 10).map { ("\($0)", Double($0)) }
        case .pair: [("1", 100), ("2", 0)]
        }
    }

    /// The rating that a reply in words has; nil where it has none, or several.
    package func rating(in reply: String) -> Double? {
        switch self {
        case .alone: Self.number(in: reply)
        case .pair:
            ClassReading(replies.map(\.text)).named(in: reply).label.map { replies[$0].rating }
        }
    }

    /// The one number from 0 to 100: `85`, `Rating: 85/100`, `85 out of 100.`
    private static func number(in reply: String) -> Double? {
        var found: Double?
        let numbers = reply.lowercased().matches(
            of: /(-?[0-9]+(?:\.[0-9]+)?)(?:\s*(?:\/|out of)\s*([0-9]+))?/)
        for number in numbers {
            guard number.output.2.map({ $0 == "100" }) ?? true, let value = Double(number.output.1),
                (0...100).contains(value), found == nil || found == value
            else { return nil }
            found = value
        }
        return found
    }
}
