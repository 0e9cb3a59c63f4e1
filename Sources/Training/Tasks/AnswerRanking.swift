/// How answers that are no classes stand to each other: what each of them costs.
package enum AnswerRanking: String, Sendable, Hashable {
    /// By the mean of -log p of a token, in nats: none is right or wrong.
    case loss
    /// By how much less the answer that is liked more has gained, and wrong where it has not gained more.
    case margin

    /// The figure as it is shown.
    package func figure(of answer: Answer) -> Double { answer.values.first.map(Double.init) ?? 0 }

    /// - `figure`: that of an answer.
    package func cost(_ figure: Double) -> Double {
        switch self {
        case .loss: figure
        case .margin: -figure
        }
    }

    /// nil where nothing is right or wrong.
    package func isWrong(_ figure: Double) -> Bool? {
        switch self {
        case .loss: nil
        case .margin: figure <= 0
        }
    }
}

/// What a model made of one text that has no class: what is kept of it after an evaluation.
package struct RankedText: Sendable, Hashable {
    /// Its place in the part that was judged.
    package let index: Int
    package let figure: Double
    /// Higher is worse.
    package let cost: Double
    /// nil where nothing is right or wrong.
    package let isWrong: Bool?
    /// What the model wrote, where it did, beside what was known.
    package let written: String?
    /// Tokens that the model read, and those of the text that did not fit; nil where they are not known.
    package let tokens, cut: Int?

    package init(
        index: Int, figure: Double, cost: Double, isWrong: Bool?, written: String? = nil, tokens: Int? = nil,
        cut: Int? = nil
    ) {
        (self.index, self.figure, self.cost, self.isWrong) = (index, figure, cost, isWrong)
        (self.written, self.tokens, self.cut) = (written, tokens, cut)
    }
}

extension [RankedText] {
    /// Those that cost most first; equal ones in the order of the part.
    package var byCost: [RankedText] { sorted { ($1.cost, $0.index) < ($0.cost, $1.index) } }
    /// Those that cost least first.
    package var byWorth: [RankedText] { sorted { ($0.cost, $0.index) < ($1.cost, $1.index) } }
}
