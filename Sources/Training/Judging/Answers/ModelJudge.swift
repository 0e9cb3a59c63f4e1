import Compute
import Diagnostics
import Foundation
import Learning
import Tokenizers

/// A language model that rates answers by a fixed rubric.
package struct ModelJudge: AnswerJudge {
    /// What is made of its replies.
    package enum Way: String, Sendable, Hashable, CaseIterable {
        /// The mean over all ratings, each as probable as the model finds it to reply with that: all its tokens and the end.
        case expected
        /// What it writes by the likeliest tokens.
        case written

        package var summary: String {
            switch self {
            case .expected: "the mean of all ratings, each weighted by its probability"
            case .written: "the number that it writes; what is none is dropped"
            }
        }
    }

    package let name: String
    private let loaded: LoadedModel
    private let way: Way
    private let encoder: RequestEncoder
    private let workers: Workers

    /// Tokens of a reply that is written, at most.
    private static let maxTokens = 16

    /// - `template`: nil for the model's own, where its files have one, else Alpaca's.
    /// - Throws: `no-language-head`, `unknown-chat-template`.
    package init(
        _ loaded: LoadedModel, template: PromptTemplate? = nil, by way: Way, workers: Workers
    ) throws {
        try TextWriting.requireWriter(loaded.model)
        (name, self.loaded, self.way, self.workers) = (loaded.name, loaded, way, workers)
        let usual: PromptTemplate = loaded.tokenizer.chatTemplate == nil ? .alpaca : .ofModel
        encoder = try RequestEncoder(template ?? usual, tokenizer: loaded.tokenizer)
    }

    package var template: PromptTemplate { encoder.template }

    package func ratings(
        of answers: [JudgedAnswer], interruption: Interruption, progress: @Sendable (_ done: Int) -> Void
    ) throws -> [Double?] {
        let rubric: Rubric = answers.first?.other == nil ? .alone : .pair
        let prompts = answers.map {
            encoder.tokens(instruction: rubric.instruction, input: rubric.input($0))
        }
        // What the model cannot read with room for a reply gets no rating.
        let places = prompts.indices.filter {
            prompts[$0].count + Self.maxTokens <= loaded.model.config.context
        }
        let read = places.map { prompts[$0] }
        let found =
            switch way {
            case .expected:
                try expected(read, rubric, interruption: interruption, progress: progress)
            case .written: try written(read, rubric, interruption: interruption, progress: progress)
            }
        var ratings = [Double?](repeating: nil, count: answers.count)
        for (place, rating) in zip(places, found) { ratings[place] = rating }
        return ratings
    }

    private func expected(
        _ prompts: [[Int32]], _ rubric: Rubric, interruption: Interruption,
        progress: @Sendable (_ done: Int) -> Void
    ) throws -> [Double?] {
        let replies = rubric.replies
        let task = try AnswerWriting(
            model: loaded.model, tokenizer: loaded.tokenizer, labels: replies.map(\.text),
            template: template, instruction: rubric.instruction, maxLength: loaded.model.config.context)
        let examples = prompts.map { EncodedExample([Row(ids: $0, identity: Row.identity(of: $0))]) }
        let outcome = try Evaluator(
            model: loaded.model, under: nil, task: task, workers: workers, isUntuned: true
        ).evaluate(examples, interruption: interruption) { done, _ in progress(done) }
        return outcome.answers.map { answer in
            zip(answer.values, replies).reduce(0.0) { $0 + exp(Double($1.0)) * $1.1.rating }
        }
    }

    private func written(
        _ prompts: [[Int32]], _ rubric: Rubric, interruption: Interruption,
        progress: @Sendable (_ done: Int) -> Void
    ) throws -> [Double?] {
        guard !prompts.isEmpty else { return [] }
        var settings = GenerationSettings()
        settings.maxTokens = Self.maxTokens
        let generator = try Generator(
            loaded.model, tokenizer: loaded.tokenizer, settings: settings,
            ends: encoder.ends.union(loaded.ends),
            workers: workers)
        var done = 0
        let writing = try generator.write(prompts, interruption: interruption) { told in
            guard told.ending != nil else { return }
            done += 1
            progress(done)
        }
        return writing.texts.map { rubric.rating(in: $0.text) }
    }
}
