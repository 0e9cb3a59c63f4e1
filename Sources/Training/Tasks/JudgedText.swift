import Foundation

/// What a model made of one text whose class is known: what is kept of an answer after an evaluation.
package struct JudgedText: Sendable, Hashable {
    /// Its place in the part that was judged.
    package let index: Int
    package let truth: Int
    package let answer: Int
    /// Log-probabilities of the two, in nats.
    package let logTruth: Float
    package let logAnswer: Float
    /// Tokens that the model read, and those of the text that did not fit.
    package let tokens: Int
    package let cut: Int

    package var isRight: Bool { truth == answer }
    /// How sure the model was of what it answered.
    package var probability: Double { Double(exp(logAnswer)) }
    package var probabilityOfTruth: Double { Double(exp(logTruth)) }
    /// -log p(true class), in nats.
    package var loss: Double { -Double(logTruth) }
}

extension [JudgedText] {
    /// Wrong answers, the surest first; equally sure ones in the order of the part.
    package var surestMistakes: [JudgedText] {
        filter { !$0.isRight }.sorted { ($1.logAnswer, $0.index) < ($0.logAnswer, $1.index) }
    }

    /// Right answers, the surest first.
    package var surestRight: [JudgedText] {
        filter(\.isRight).sorted { ($1.logAnswer, $0.index) < ($0.logAnswer, $1.index) }
    }

    /// All answers, those first that cost most.
    package var byLoss: [JudgedText] {
        sorted { ($0.logTruth, $0.index) < ($1.logTruth, $1.index) }
    }
}
