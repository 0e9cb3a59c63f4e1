import Compute
import Datasets
import Diagnostics
import Foundation
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// Perplexities: over answers, over long texts, of a model that knows nothing.
@Suite struct PerplexityTests {
    private static func judged(
        _ task: any LearningTask, _ dataset: Dataset, by model: any LanguageModel,
        under tuning: Tuning? = nil,
        workers: Int = 2
    ) throws -> EvaluationResult {
        let workers = Workers(count: workers)
        return try EncodedPart(dataset, .test, for: task, workers: workers, interruption: Interruption())
            .evaluate(
                model, under: tuning, seen: SeenTexts(), workers: workers, interruption: Interruption())
    }

    private static func text(_ text: String) -> Dataset {
        var dataset = Dataset(
            name: "one", columns: ["text"], textColumn: "text", test: [Example(text: text, id: 0)], source: ""
        )
        dataset.areTextsAlone = true
        return dataset
    }

    @Test(arguments: WritingGolden.cases)
    func sumsOverAnswersAreTheReferences(name: String) throws {
        let golden = try WritingGolden.read("steps", as: WritingGolden.self)
        let wanted = try #require(
            WritingGolden.read("perplexity", as: WritingGolden.Perplexity.self).answers[name])
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        let found = try Self.judged(golden.task(name, on: model), golden.dataset(name), by: model)
        #expect(found.metrics.tokens == Int(wanted[1]))
        let mean = wanted[0] / wanted[1]
        #expect(abs(found.loss - mean) < 1e-6 * mean)
        let perplexity = try #require(found.metrics.figures.first)
        #expect(perplexity.name == "perplexity" && abs(perplexity.value - exp(mean)) < 1e-5 * exp(mean))
        let interval = try #require(perplexity.interval)
        #expect(interval.contains(perplexity.value))
    }

    @Test func windowsOverALongTextAreTheReferences() throws {
        let golden = try WritingGolden.read("perplexity", as: WritingGolden.Perplexity.self)
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        #expect(golden.sliding.count == 5)
        for wanted in golden.sliding {
            let task = try TextModelling(
                model: model, tokenizer: WordNumbers(), maxLength: wanted.length, stride: wanted.stride,
                hasEnd: false)
            let found = try Self.judged(task, Self.text(golden.text), by: model)
            #expect(found.metrics.tokens == wanted.tokens && found.metrics.count == 1)
            let mean = wanted.loss / Double(wanted.tokens)
            #expect(abs(found.loss - mean) < 1e-6 * mean, "stride \(wanted.stride) of \(wanted.length)")
            #expect(found.metrics.figures[0].interval == nil, "one text has no interval")
        }
    }

    /// All logits of a model whose table is empty are alike.
    @Test func aModelThatKnowsNothingHasAsMuchAsItsVocabulary() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        var tuning = Tuning(reach: .embeddings)
        let table = try #require(model.store.parameters.first { $0.name.contains("embed_tokens") })
            .successor()
        table.fill(scale: 0, phase: 0)
        tuning.replaced[table.name] = table
        let task = try TextModelling(model: model, tokenizer: WordNumbers(), maxLength: 16)
        let found = try Self.judged(
            task, Self.text("one two three four five six seven"), by: model, under: tuning)
        #expect(abs(found.metrics.figures[0].value - 61) < 1e-3)
    }

    @Test(arguments: [1, 3])
    func theNumberOfWorkersChangesNothing(workers: Int) throws {
        let golden = try WritingGolden.read("steps", as: WritingGolden.self)
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        let task = try golden.task("texts", on: model)
        let one = try Self.judged(task, golden.dataset("texts"), by: model, workers: 2).metrics
        #expect(try Self.judged(task, golden.dataset("texts"), by: model, workers: workers).metrics == one)
    }
}
