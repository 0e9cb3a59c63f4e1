import Datasets
import Learning
import Tokenizers

/// A request with the answer that is liked more, and with the one that is liked less: two rows, of whose answers the tokens
/// weigh 1 and -1.
package struct PreferenceEncoder: Encoder {
    private let answers: InstructionEncoder

    /// - `template`: with the model's own found already; `instruction`: of examples that have none.
    package init(
        tokenizer: any Tokenizer, template: PromptTemplate, instruction: String?, maxLength: Int
    ) {
        answers = InstructionEncoder(
            tokenizer: tokenizer, template: template, instruction: instruction, learned: .last,
            maxLength: maxLength)
    }

    package var maxLength: Int { answers.maxLength }

    package func hasAnswer(_ example: Example) -> Bool { example.answer != nil && example.rejected != nil }

    package func encode(_ example: Example, _ randomness: Pass.Randomness?) throws -> EncodedExample {
        var (rows, cut) = answers.rows(of: example, answered: [example.answer, example.rejected])
        for place in rows[1].learned.indices { rows[1].learned[place].weight = -1 }
        return EncodedExample(rows, cut: cut)
    }
}
