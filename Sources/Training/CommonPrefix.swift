import Diagnostics
import Learning
import Models
import Tensors

/// The tokens that all examples begin with, such as a prompt template's opening, and the keys and
/// values that a decoder computes from them: once, instead of once an example.
struct CommonPrefix {
    let length: Int
    let cache: PrefixCache?

    /// - `examples`: all that will be scored; a beginning shorter than 8 tokens is not worth it.
    /// - `objective`: says from which token on it reads hidden states; those stay outside.
    init(
        of examples: [EncodedExample], for objective: any Objective, model: any LanguageModel,
        interruption: Interruption
    ) throws {
        let shared = model.isCausal && examples.count > 1 ? Self.sharedLength(examples, for: objective) : 0
        guard shared >= 8 else {
            (length, cache) = (0, nil)
            return
        }
        let filling = PrefixCache(length: shared)
        let pass = Pass(Layout(lengths: [shared]), interruption: interruption)
        pass.prefix = filling
        _ = try model.hiddenStates(Tokens(ids: Array(examples[0].ids[..<shared])), pass)
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

    /// At least one token of every example stays outside, and every one that is read.
    private static func sharedLength(_ examples: [EncodedExample], for objective: any Objective) -> Int {
        let first = examples[0].ids
        return examples.reduce(first.count) { shared, example in
            let limit = max(0, min(shared, example.ids.count - 1, objective.firstRead(of: example)))
            return (0..<limit).first { example.ids[$0] != first[$0] } ?? limit
        }
    }
}
