import Diagnostics
import Learning
import Models
import Tensors

/// The tokens that all examples begin with, such as a prompt template's opening, and the keys and
/// values that a decoder computes from them: once, instead of once an example.
///
/// Attention sums over the beginning and over the rest apart, so that scores differ in their last bits from those
/// of the same example computed whole; the same examples together always get the same.
struct CommonPrefix {
    let length: Int
    let cache: PrefixCache?

    /// - `examples`: all that will be scored; a beginning shorter than 8 tokens is not worth it.
    /// - `objective`: says from which token on it reads hidden states; those stay outside.
    init(
        of examples: [EncodedExample], for objective: any Objective, model: any LanguageModel,
        under tuning: Tuning?, interruption: Interruption
    ) throws {
        let shared =
            model.isCausal && examples.count > 1
            ? Self.sharedLength(examples, for: objective, ends: tuning?.endCount ?? 0) : 0
        guard shared >= 8 else {
            (length, cache) = (0, nil)
            return
        }
        var beginning = EncodedExample(ids: Array(examples[0].ids[..<shared]), identity: 0)
        // Where its prompt ends is not where this beginning does.
        let end = examples[0].answer?.lowerBound ?? examples[0].ids.count
        beginning.answer = end..<end
        let layout = Layout([beginning], under: tuning)
        let filling = PrefixCache()
        let pass = Pass(layout, under: tuning, interruption: interruption)
        pass.prefix = filling
        _ = try model.hiddenStates(Tokens([beginning]), pass)
        filling.finishFilling()
        (length, cache) = (shared, filling)
    }

    func removed(from example: EncodedExample) -> EncodedExample {
        guard length > 0 else { return example }
        var rest = example
        rest.ids.removeFirst(length)
        rest.answer = example.answer.map { $0.lowerBound - length..<$0.upperBound - length }
        return rest
    }

    /// At least one token of every example stays outside, every one that is read, and every one that a tuning
    /// counts from the prompt's end.
    private static func sharedLength(
        _ examples: [EncodedExample], for objective: any Objective, ends: Int
    ) -> Int {
        let first = examples[0].ids
        return examples.reduce(first.count) { shared, example in
            let end = (example.answer?.lowerBound ?? example.ids.count) - ends
            let limit = max(0, min(shared, example.ids.count - 1, objective.firstRead(of: example), end))
            return (0..<limit).first { example.ids[$0] != first[$0] } ?? limit
        }
    }
}
