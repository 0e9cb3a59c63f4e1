import Datasets
import Diagnostics
import Learning
import Tokenizers

/// A prompt and the word that answers it, of which the word is learned.
package struct AnswerEncoder: Encoder {
    package let maxLength: Int
    private let tokenizer: any Tokenizer
    private let template: PromptTemplate
    private let instruction: String
    private let words: [[Int32]]
    private let written: WrittenSpecials

    /// - `words`: the tokens of each class's word.
    package init(
        tokenizer: any Tokenizer, template: PromptTemplate, instruction: String, words: [[Int32]],
        maxLength: Int
    ) {
        (self.tokenizer, self.template, self.instruction) = (tokenizer, template, instruction)
        (self.words, self.maxLength) = (words, maxLength)
        written = WrittenSpecials(of: tokenizer)
    }

    package func encode(_ example: Example, _ randomness: Pass.Randomness?) throws -> EncodedExample {
        let answer = example.label.map { words[$0] } ?? []
        let ending = answer.isEmpty ? [] : [tokenizer.special.eos].compactMap { $0 }
        let room = maxLength - max(words.map(\.count).max() ?? 1, answer.count) - 1
        let (prompt, cut, doubled) = try fitted(example, room: room)
        let row = row(
            prompt, answer + ending, identity: Row.identity(of: prompt + answer + ending), isWhole: true)
        var encoded = EncodedExample([row], truth: example.label.map(Target.label), cut: cut)
        encoded.doubled = doubled
        return encoded
    }

    /// One row whose last token foretells the word when every word is one token, else one for each class.
    package func asked(_ example: EncodedExample) -> EncodedExample {
        var asked = example
        asked.rows = example.rows.flatMap { row -> [Row] in
            let prompt = Array(row.ids[..<row.promptCount])
            guard !words.allSatisfy({ $0.count == 1 }) else {
                return [
                    Row(ids: prompt, identity: row.identity, learned: [Learned(place: prompt.count - 1, nil)])
                ]
            }
            return words.map { self.row(prompt, $0, identity: row.identity, isWhole: false) }
        }
        return asked
    }

    /// - `isWhole`: whether the answer's last token, which foretells nothing that is learned, is there.
    private func row(_ prompt: [Int32], _ answer: [Int32], identity: UInt64, isWhole: Bool) -> Row {
        Row(
            ids: prompt + answer.dropLast(isWhole ? 0 : 1), identity: identity,
            learned: answer.enumerated().map {
                Learned(place: prompt.count - 1 + $0, .label(Int($1)))
            }, promptCount: prompt.count)
    }

    /// The prompt's tokens with as much of the text as fits; what begins a sequence stands in it once.
    private func fitted(_ example: Example, room: Int) throws -> (
        prompt: [Int32], cut: Int, doubled: Int
    ) {
        var doubled = 0
        func once(_ text: String) -> String {
            let (rest, count) = written.removed(from: text)
            doubled += count
            return rest
        }
        let (first, second) = (once(example.text), example.pair.map(once))
        func render(_ text: String) -> [Int32] {
            tokenizer.encode(
                beginning: written.removed(from: template.render(instruction: instruction, input: text)).text)
        }
        let text = second.map { "\(first)\n\($0)" } ?? first
        doubled += written.removed(from: template.render(instruction: instruction, input: text)).count
        let whole = render(text)
        guard whole.count > room else { return (whole, 0, doubled) }
        let tokens = tokenizer.encode(text, addingSpecialTokens: false)
        var kept = tokens.count - (whole.count - room)
        while kept > 0 {
            let shorter = render(
                tokenizer.decode(Array(tokenizer.cut(tokens, to: kept)), skippingSpecialTokens: false))
            if shorter.count <= room { return (shorter, tokens.count - kept, doubled) }
            kept -= max(1, shorter.count - room)
        }
        throw Diagnostic(
            "too-long", "the prompt \(template.name) alone is longer than max_length=\(maxLength)",
            hint: "raise max_length, which load takes too")
    }
}
