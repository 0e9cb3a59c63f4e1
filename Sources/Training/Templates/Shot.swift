import Datasets
import Tokenizers

/// An example with its answer that stands before what is asked, in the same prompt (few-shot prompting; Brown et al. 2020).
package struct Shot: Sendable, Hashable {
    package var instruction, input, answer: String
    /// The answer's tokens with its end, where they are not those of the text in its place: a class's word.
    package var tokens: [Int32]?

    package init(instruction: String, input: String, answer: String, tokens: [Int32]? = nil) {
        (self.instruction, self.input) = (instruction, input)
        (self.answer, self.tokens) = (answer, tokens)
    }

    /// As a dialogue has it.
    var turns: [Turn] {
        [Turn(.user, PromptTemplate.request(instruction, input)), Turn(.assistant, answer)]
    }
}

extension PromptTemplate {
    /// What stands between two examples of a prompt that has one request and its answer.
    private static let gap = "\n\n"

    /// Examples as a prompt of one request has them, one after the other, each with its answer and what ends it. Each has
    /// two turns; whatever follows counts on from there. Nothing of a dialogue, whose turns they are.
    func segments(of shots: [Shot]) -> [TextSegment] {
        guard case .pattern(let pattern, let withoutInput) = form else { return [] }
        return shots.enumerated().flatMap { place, shot in
            let own = (shot.input.isEmpty ? withoutInput : pattern).segments(
                instruction: shot.instruction, input: shot.input, answer: shot.answer)
            return (own + [.markup(Self.gap, 1)]).map { $0.later(by: 2 * place) }
        }
    }

    /// What stands before an answer, behind some examples.
    func prompt(instruction: String, input: String, after shots: [Shot]) -> [TextSegment] {
        if case .dialogue(let render) = form {
            return render(shots.flatMap(\.turns) + [Turn(.user, Self.request(instruction, input))], true)
        }
        return segments(of: shots)
            + prompt(instruction: instruction, input: input).map { $0.later(by: 2 * shots.count) }
    }
}

extension TextSegment {
    /// The same of a turn that comes so many turns later.
    func later(by turns: Int) -> TextSegment {
        var other = self
        other.turn += turns
        return other
    }

    /// Whether it is what one of the first so many examples answers, with what ends that.
    func isAnswer(of shots: Int) -> Bool { isSaid && turn < 2 * shots && !turn.isMultiple(of: 2) }
}
