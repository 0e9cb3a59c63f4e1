import Compute
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import Testing
import Tokenizers

@testable import Training

/// A language model that rates answers.
@Suite struct ModelJudgeTests {
    private static func loaded(_ family: String = "llama") throws -> LoadedModel {
        let tokenizer = NanoTokenizer(isEncoder: family == "bert")
        let config: JSON = [
            "model_type": .string(family), "hidden_size": 32, "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "num_key_value_heads": 2, "intermediate_size": 64, "hidden_act": "silu", "rms_norm_eps": 1e-5,
            "tie_word_embeddings": true, "vocab_size": .integer(tokenizer.vocabularySize),
            "max_position_embeddings": 1024,
        ]
        let encoder: JSON = [
            "model_type": "bert", "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4,
            "intermediate_size": 64, "type_vocab_size": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12,
            "hidden_dropout_prob": 0, "attention_probs_dropout_prob": 0,
            "vocab_size": .integer(tokenizer.vocabularySize), "max_position_embeddings": 64,
        ]
        return LoadedModel(
            name: "made-up", source: "here",
            model: try ModelRegistry.randomModel(
                config: family == "bert" ? encoder : config, seed: 4, precision: .f32),
            tokenizer: tokenizer, request: ModelRequest(name: "made-up", seed: 4))
    }

    private static func judge(_ way: ModelJudge.Way) throws -> ModelJudge {
        try ModelJudge(loaded(), by: way, workers: Workers(count: 2))
    }

    private let answers = ["a wren", "it is a bird, and a small one", "no"].map {
        JudgedAnswer($0, references: [], source: "what is a wren")
    }

    private func ratings(_ judge: ModelJudge, _ answers: [JudgedAnswer]) throws -> [Double?] {
        try judge.ratings(of: answers, interruption: Interruption()) { _ in }
    }

    /// By hand: each reply's log-probability, its end included, as a row of its own.
    @Test func theExpectedRatingIsTheMeanOverReplies() throws {
        let loaded = try Self.loaded()
        let found = try ratings(try Self.judge(.expected), answers)
        let encoder = try RequestEncoder(.alpaca, tokenizer: loaded.tokenizer)
        for (answer, rating) in zip(answers, found) {
            let prompt = encoder.tokens(
                instruction: Rubric.alone.instruction, input: Rubric.alone.input(answer))
            let scores = try Rubric.alone.replies.map { reply -> Double in
                let said = loaded.tokenizer.encode(reply.text) + [try #require(loaded.tokenizer.special.eos)]
                let row = Row(ids: prompt + said.dropLast(), identity: 0)
                let pass = Pass(Layout([row], under: nil))
                let h = try loaded.model.hiddenStates(Tokens([row]), pass)
                let places = said.indices.map { prompt.count - 1 + $0 }
                let logits = try loaded.model.vocabularyLogits(pass.gather(h, rows: places), pass)
                return CrossEntropy.losses(of: logits, labels: said).reduce(0) { $0 - Double($1) }
            }
            let top = scores.max() ?? 0
            let weights = scores.map { exp($0 - top) }
            let sum = zip(weights, Rubric.alone.replies).reduce(0) { $0 + $1.0 * $1.1.rating }
            #expect(abs(try #require(rating) - sum / weights.reduce(0, +)) < 1e-3)
        }
    }

    @Test func aPreferenceOfTheSameAnswersIsTheSameInBothOrders() throws {
        let pair = JudgedAnswer("yes", references: [], source: "is it", other: "no")
        let twin = JudgedAnswer("yes", references: [], source: "is it", other: "yes")
        let found = try ratings(try Self.judge(.expected), [pair, twin, twin]).compactMap(\.self)
        #expect(found.count == 3 && found.allSatisfy { (0...100).contains($0) })
        #expect(found[1] == found[2])
    }

    @Test func repliesThatCannotBeReadHaveNoRating() throws {
        let found = try ratings(try Self.judge(.written), answers)
        #expect(found.count == 3)
        #expect(found.allSatisfy { $0.map { (0...100).contains($0) } ?? true })
    }

    @Test func whatTheModelCannotReadHasNoRating() throws {
        let long = JudgedAnswer(
            Array(repeating: "word", count: 4000).joined(separator: " "), references: [], source: "what")
        for way in ModelJudge.Way.allCases {
            let found = try ratings(try Self.judge(way), [answers[0], long])
            #expect(found.count == 2 && found[1] == nil)
        }
        #expect(try ratings(try Self.judge(.expected), [answers[0]])[0] != nil)
    }

    @Test func anEncoderIsRefused() throws {
        let problem = try #require(throws: Diagnostic.self) {
            try ModelJudge(Self.loaded("bert"), by: .expected, workers: Workers(count: 1))
        }
        #expect(problem.code == "no-language-head")
    }
}
