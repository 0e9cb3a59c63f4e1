import Compute
import Datasets
import Diagnostics
import Learning
import Models
import Tokenizers

/// The answers that a model writes to a part's requests, judged as texts beside those that are known.
package struct WrittenPart: Sendable {
    private let asked: [Asked]
    private let ends: Set<Int32>

    private struct Asked: Sendable {
        /// Its place in the part.
        let place: Int
        /// What stands before the answer.
        let prompt: [Int32]
        let request, reference: String
    }

    package struct Outcome: Sendable {
        package var figures: [Metrics.Figure]
        /// In the part's order.
        package var answers: [WrittenAnswer]
        package var tokens: Int
        package var seconds: Double
    }

    package var count: Int { asked.count }

    /// - `instruction`: of examples that have none.
    /// - Throws: `no-answers` where the part's examples have none that could be written; what the encoder throws.
    package init(
        _ dataset: Dataset, _ split: Split, for task: any LearningTask, instruction: String?,
        tokenizer: any Tokenizer, workers: Workers, interruption: Interruption
    ) throws {
        let examples = dataset[split]
        let known = examples.indices.filter { Self.reference(of: examples[$0], in: dataset) != nil }
        guard !known.isEmpty, let template = task.template else {
            throw Diagnostic(
                "no-answers",
                "metrics= compares texts that are written with those that are known, and these data have none",
                about: "metrics",
                hint: "leave it out, or name the column with the texts in load: answer=COLUMN")
        }
        // What is learned besides an answer, or before the last one, is read here.
        var answers = InstructionEncoder(
            tokenizer: tokenizer, template: template, instruction: instruction, learned: .last,
            maxLength: task.maxLength)
        answers.shots = task.shots
        let encoded = try ContextEncoder(inner: answers).encode(
            known.map { examples[$0] }, workers: workers, interruption: interruption)
        asked = zip(known, encoded).compactMap { place, encoded in
            guard let row = encoded.rows.first, !row.learned.isEmpty else { return nil }
            return Asked(
                place: place, prompt: Array(row.ids[..<row.promptCount]),
                request: Self.request(of: examples[place], instruction: instruction),
                reference: Self.reference(of: examples[place], in: dataset) ?? "")
        }
        ends = try RequestEncoder(template, tokenizer: tokenizer).ends
    }

    /// The text that is to be written; nil where none is known.
    private static func reference(of example: Example, in dataset: Dataset) -> String? {
        switch dataset.shape {
        case .answers: example.answer
        case .dialogues: example.answer ?? example.turns.last { $0.role == .assistant }?.content
        default: nil
        }
    }

    /// What is asked, in its own words.
    private static func request(of example: Example, instruction: String?) -> String {
        guard example.turns.isEmpty else {
            let isOver = example.answer == nil && example.turns.last?.role == .assistant
            return Turn.text(of: Array(example.turns.dropLast(isOver ? 1 : 0)))
        }
        return PromptTemplate.request(example.instruction ?? instruction, example.text)
    }

    /// - `metrics`: the first is what the texts are judged by before others.
    /// - `progress`: of texts.
    /// - Throws: `no-language-head`, `not-finite`, `Interrupted`.
    package func judged(
        by metrics: [any TextMetric], _ loaded: LoadedModel, under tuning: Tuning?,
        settings: GenerationSettings, workers: Workers, interruption: Interruption,
        progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws -> Outcome {
        let generator = try Generator(
            loaded.model, under: tuning, tokenizer: loaded.tokenizer, settings: settings,
            ends: ends.union(loaded.ends),
            workers: workers)
        var done = 0
        let writing = try generator.write(asked.map(\.prompt), interruption: interruption) { told in
            guard told.ending != nil else { return }
            done += 1
            progress(done, asked.count)
        }
        var judge = WrittenTextJudge(metrics.flatMap { $0.parts(of: asked.map(\.reference)) })
        var answers: [WrittenAnswer] = []
        for (number, (asked, written)) in zip(asked, writing.texts).enumerated() {
            // What begins an answer after a prompt that ends in a colon is no part of it.
            let text = String(written.text.trimmingPrefix(while: \.isWhitespace))
            judge.add(text, references: [asked.reference], numbered: number)
            answers.append(
                WrittenAnswer(
                    index: asked.place, request: asked.request, text: text, reference: asked.reference,
                    ending: written.ending))
        }
        if let metric = metrics.first {
            for (place, score) in judge.scores(by: metric).enumerated() { answers[place].score = score }
        }
        return Outcome(
            figures: try judge.figures(seed: settings.seed, interruption: interruption), answers: answers,
            tokens: writing.tokens, seconds: writing.seconds)
    }
}
