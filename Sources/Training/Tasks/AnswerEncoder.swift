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
    /// What ends an answer; nothing where the tokenizer names no such token.
    private let end: [Int32]
    private let written: WrittenSpecials
    private let segments: SegmentEncoder
    /// Examples that stand before each text.
    package var shots: [Shot] = []

    /// - `words`: the tokens of each class's word.
    package init(
        tokenizer: any Tokenizer, template: PromptTemplate, instruction: String, words: [[Int32]],
        maxLength: Int
    ) {
        (self.tokenizer, self.template, self.instruction) = (tokenizer, template, instruction)
        (self.words, self.maxLength) = (words, maxLength)
        end = [tokenizer.special.eos].compactMap { $0 }
        written = WrittenSpecials(of: tokenizer)
        segments = SegmentEncoder(template, tokenizer: tokenizer)
    }

    /// An example as it stands before others, its answer just as it is learned and scored; nil for one without a class.
    func shot(of example: Example, labels: [String]) -> Shot? {
        example.label.map { label in
            Shot(
                instruction: instruction, input: Self.text(of: example), answer: labels[label],
                tokens: words[label] + end)
        }
    }

    /// Tokens that examples take before a text.
    func tokenCount(of shots: [Shot]) -> Int { segments.tokenCount(of: shots, in: template) }

    package func encode(_ example: Example, _ randomness: Pass.Randomness?) throws -> EncodedExample {
        let answer = example.label.map { words[$0] } ?? []
        let ending = answer.isEmpty ? [] : end
        let room = maxLength - max(words.map(\.count).max() ?? 1, answer.count) - 1
        let (prompt, cut, doubled) = try fitted(example, room: room)
        let row = row(
            prompt, answer + ending, identity: Row.identity(of: prompt + answer + ending), isWhole: true)
        var encoded = EncodedExample([row], truth: example.label.map(Target.label), cut: cut)
        encoded.doubled = doubled
        return encoded
    }

    /// One row for each class: the prompt with its word, which is foretold with its end.
    package func asked(_ example: EncodedExample) -> EncodedExample {
        var asked = example
        asked.rows = example.rows.flatMap { row in
            let prompt = Array(row.ids[..<row.promptCount])
            return words.map { self.row(prompt, $0 + end, identity: row.identity, isWhole: false) }
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

    /// Behind the examples.
    private func prompt(_ text: String) -> [Int32] {
        segments.encode(
            template.prompt(instruction: instruction, input: text, after: shots), after: shots
        ) { _ in false }.ids
    }

    /// Both of a pair, one after the other.
    static func text(of example: Example) -> String {
        example.pair.map { "\(example.text)\n\($0)" } ?? example.text
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
            guard shots.isEmpty else { return prompt(text) }
            return tokenizer.encode(
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
