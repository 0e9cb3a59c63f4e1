/// What a model made of one text whose number is known: what is kept of an answer after an evaluation.
package struct JudgedValue: Sendable, Hashable {
    /// Its place in the part that was judged.
    package let index: Int
    package let truth: Float
    package let answer: Float
    /// Tokens that the model read, and those of the text that did not fit.
    package let tokens: Int
    package let cut: Int

    /// How much too high the answer is; below 0 too low.
    package var error: Double { Double(answer) - Double(truth) }
    package var loss: Double { error * error }
}

extension [JudgedValue] {
    /// The farthest from what they should be first; equally far ones in the order of the part.
    package var byError: [JudgedValue] { sorted { (-$0.loss, $0.index) < (-$1.loss, $1.index) } }

    /// The nearest first.
    package var byNearness: [JudgedValue] { sorted { ($0.loss, $0.index) < ($1.loss, $1.index) } }
}
