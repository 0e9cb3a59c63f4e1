import Datasets
import Diagnostics
import Learning
import Models
import Tensors
import Tokenizers

/// A language model that writes the label's word after a prompt; the loss is on the answer alone,
/// and classes are scored by the probability of their words.
package final class AnswerWriting: Objective {
    package let labels: [String]
    package let template: PromptTemplate
    private let tokenizer: any Tokenizer
    private let maxLength: Int
    private let instruction: String
    /// The tokens of each class's word.
    private let words: [[Int32]]

    /// - `maxLength`: tokens of prompt and answer; what the text has too much loses its end.
    package init(
        model: any LanguageModel, tokenizer: any Tokenizer, labels: [String], template: PromptTemplate,
        instruction: String? = nil, maxLength: Int
    ) throws {
        guard model.isCausal, model.hasLanguageHead else {
            throw Diagnostic(
                "no-language-head", "a prompt needs a model that writes, \(model.config.family) does not",
                hint: "load the data without prompt=, or take a decoder such as smollm2")
        }
        self.labels = labels
        self.template = template
        self.tokenizer = tokenizer
        self.maxLength = min(maxLength, model.config.context)
        self.instruction = instruction ?? PromptTemplate.instruction(labels: labels)
        words = labels.map { tokenizer.encode($0, addingSpecialTokens: false) }
        guard words.allSatisfy({ !$0.isEmpty }), Set(words).count == words.count else {
            throw Diagnostic(
                "bad-labels",
                "the label words \(labels.joined(separator: ", ")) cannot be told apart as tokens")
        }
    }

    package var parameters: [Parameter] { [] }
    package var summary: String { "prompt \(template.name), answers scored at label words" }

    package func encode(_ example: Example) throws -> EncodedExample {
        let answer = example.label.map { words[$0] } ?? []
        let ending = answer.isEmpty ? [] : [tokenizer.special.eos].compactMap { $0 }
        let room = maxLength - max(words.map(\.count).max() ?? 1, answer.count) - 1
        let (prompt, cut) = try fitted(example, room: room)
        var encoded = EncodedExample(
            ids: prompt + answer + ending, identity: UInt64(bitPattern: Int64(example.id)))
        encoded.label = example.label
        encoded.answer = prompt.count..<prompt.count + answer.count + ending.count
        encoded.cut = cut
        return encoded
    }

    /// The prompt's tokens with as much of the text as fits.
    private func fitted(_ example: Example, room: Int) throws -> (prompt: [Int32], cut: Int) {
        func render(_ text: String) -> [Int32] {
            tokenizer.encode(beginning: template.render(instruction: instruction, input: text))
        }
        let text = example.pair.map { "\(example.text)\n\($0)" } ?? example.text
        let whole = render(text)
        guard whole.count > room else { return (whole, 0) }
        let tokens = tokenizer.encode(text, addingSpecialTokens: false)
        var kept = tokens.count - (whole.count - room)
        while kept > 0 {
            let shorter = render(
                tokenizer.decode(Array(tokenizer.cut(tokens, to: kept)), skippingSpecialTokens: false))
            if shorter.count <= room { return (shorter, tokens.count - kept) }
            kept -= max(1, shorter.count - room)
        }
        throw Diagnostic(
            "too-long", "the prompt \(template.name) alone is longer than max_length=\(maxLength)",
            hint: "raise max_length")
    }

    package func termCount(_ example: EncodedExample) -> Int { example.answer?.count ?? 0 }

    package func learn(
        _ h: Tensor, _ examples: [EncodedExample], model: any LanguageModel, scale: Float, _ pass: Pass
    ) throws -> ShareLoss {
        var rows: [Int] = []
        var wanted: [Int32] = []
        for (index, example) in examples.enumerated() {
            for position in example.answer ?? 0..<0 {
                rows.append(pass.layout.row(of: position - 1, in: index))
                wanted.append(example.ids[position])
            }
        }
        guard !rows.isEmpty else { return ShareLoss(sum: 0, terms: 0, correct: 0) }
        let logits = try model.vocabularyLogits(pass.gather(h, rows: rows), pass)
        var (loss, isRight) = try TermLoss.learn(logits, labels: wanted, scale: scale, pass)
        var row = 0
        loss.correct = 0
        for example in examples {
            let count = example.answer?.count ?? 0
            if isRight[row..<row + count].allSatisfy({ $0 }) { loss.correct += 1 }
            row += count
        }
        return loss
    }

    /// How each example is laid out for scoring: once when every word is one token, else once a class.
    package func candidates(for example: EncodedExample) -> [EncodedExample] {
        let prompt = Array(example.ids[..<(example.answer?.lowerBound ?? example.ids.count)])
        let continuations = hasSingleTokens ? [[]] : words.map { Array($0.dropLast()) }
        return continuations.map { continuation in
            var candidate = example
            candidate.ids = prompt + continuation
            candidate.answer = prompt.count..<prompt.count
            return candidate
        }
    }

    /// The prompt's last token, which foretells the word's first.
    package func firstRead(of example: EncodedExample) -> Int {
        (example.answer?.lowerBound ?? example.ids.count) - 1
    }

    private var hasSingleTokens: Bool { words.allSatisfy { $0.count == 1 } }

    package func scores(
        _ h: Tensor, _ examples: [EncodedExample], model: any LanguageModel, _ pass: Pass
    ) throws -> [[Float]] {
        hasSingleTokens
            ? try scoresAtOnePlace(h, model: model, pass)
            : try scoresOfEachWord(h, examples, model: model, pass)
    }

    private func scoresAtOnePlace(_ h: Tensor, model: any LanguageModel, _ pass: Pass) throws -> [[Float]] {
        let last = pass.layout.starts.dropFirst().map { $0 - 1 }
        let logits = try model.vocabularyLogits(pass.gather(h, rows: last), pass)
        return (0..<logits.rows).map { row in
            logSoftmax(words.map { logits.pointer[row * logits.columns + Int($0[0])] })
        }
    }

    /// Examples come as `candidates` made them: one after the other for every class.
    private func scoresOfEachWord(
        _ h: Tensor, _ examples: [EncodedExample], model: any LanguageModel, _ pass: Pass
    ) throws -> [[Float]] {
        var rows: [Int] = []
        var wanted: [Int32] = []
        for (index, example) in examples.enumerated() {
            let word = words[index % words.count]
            let first = pass.layout.row(of: example.ids.count - word.count, in: index)
            for offset in word.indices {
                rows.append(first + offset)
                wanted.append(word[offset])
            }
        }
        let logits = try model.vocabularyLogits(pass.gather(h, rows: rows), pass)
        let losses = CrossEntropy.evaluate(logits, labels: wanted, factors: nil).losses
        var row = 0
        let sums = examples.indices.map { index -> Float in
            let count = words[index % words.count].count
            defer { row += count }
            return -losses[row..<row + count].reduce(0, +)
        }
        return stride(from: 0, to: sums.count, by: words.count).map {
            logSoftmax(Array(sums[$0..<$0 + words.count]))
        }
    }
}
