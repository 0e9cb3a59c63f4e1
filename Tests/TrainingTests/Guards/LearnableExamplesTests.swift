import Compute
import Datasets
import Diagnostics
import Learning
import Models
import TestFixtures
import Testing
import Tokenizers

@testable import Training

/// Rows whose answers were cut off whole: counted, left out, and in no batch's divisor.
@Suite struct LearnableExamplesTests {
    private let model: any LanguageModel
    private let workers = Workers(count: 1)

    init() throws { model = try ModelLoader.load(path: GoldenFiles.model("llama")) }

    /// A prompt as long as its row says, and an answer of one token that `maxLength` may cut, as truncation at the end
    /// does it elsewhere.
    private final class Truncating: LearningTask {
        let encoder: any Encoder
        var loss: any Loss { CrossEntropyLoss() }
        var readout: Readout { .vocabulary }
        var summary: String { "truncated answers" }
        func judge() -> any Judge {
            ClassJudge(labels: ["a", "b"]) { outputs, _ in
                (0..<outputs.rows).map { row in [outputs[row, 3], outputs[row, 4]] }
            }
        }
        var labels: [String] { ["a", "b"] }

        init(maxLength: Int) { encoder = Cutting(maxLength: maxLength) }

        private struct Cutting: Encoder {
            let maxLength: Int

            func encode(_ example: Example, _ randomness: Pass.Randomness?) -> EncodedExample {
                let prompt = (0..<example.text.count).map { Int32(5 + $0 % 50) }
                let whole = prompt + [Int32(3 + (example.label ?? 0)), 2]
                let kept = Array(whole.prefix(maxLength))
                let learned = (prompt.count..<max(prompt.count, kept.count)).map {
                    Learned(place: $0 - 1, .label(Int(whole[$0])))
                }
                let row = Row(
                    ids: kept, identity: Row.identity(of: kept), learned: Array(learned.prefix(1)),
                    promptCount: min(prompt.count, kept.count))
                return EncodedExample(
                    [row], truth: example.label.map(Target.label), cut: whole.count - kept.count)
            }
        }
    }

    private func dataset(_ lengths: [Int]) -> Dataset {
        let examples = lengths.enumerated().map { index, length in
            Example(text: String(repeating: "x", count: length), label: index % 2, id: index)
        }
        return Dataset(
            name: "cut", columns: ["text", "label"], labels: ["a", "b"], train: examples,
            validation: examples, source: "here")
    }

    private func prepared(_ lengths: [Int], maxLength: Int, batch: Int = 4) throws -> PreparedRun {
        var settings = TrainerSettings()
        (settings.batch, settings.maxSteps) = (batch, 4)
        let loaded = LoadedModel(
            name: "tiny", source: "", model: model, tokenizer: WordNumbers(),
            request: ModelRequest(name: "tiny", seed: 1))
        let data = LoadedData(dataset: dataset(lengths), template: try TemplateRegistry.named("plain"))
        let inputs = RunInputs(
            model: loaded, data: data, method: try AttachedMethod(LowRankMethod(), to: loaded, seed: 1),
            task: Truncating(maxLength: maxLength), headSeed: 1, seen: SeenTexts(), kept: nil,
            sets: [ValidationSet(name: "validation", dataset: data.dataset, split: .validation)])
        return try PreparedRun(
            inputs, settings: settings,
            plan: RunPlan(name: "r", isNamed: false, states: StatePlan(seconds: nil), place: nil),
            workers: workers, interruption: Interruption(), now: { 0 })
    }

    /// Batches of one: without the guard the first that holds a cut row alone stops the run.
    @Test func whatWasCutOffIsLeftOutAndCounted() throws {
        let lengths = [4, 20, 6, 30, 8]
        let run = try prepared(lengths, maxLength: 10, batch: 1)
        #expect(run.trainer.examples.count == 3 && run.trainer.stepsPerEpoch == 3)
        #expect(run.leftOut.count == 2 && run.leftOut.cut == 2 && run.leftOut.of == 5)
        #expect(
            run.leftOut.text(leaving: "nothing to learn")
                == "max_length=10 leaves nothing to learn of 2 of 5 texts")
        while true {
            if case .finished = try run.run.advance(Interruption()) { break }
        }
        #expect(run.trainer.step == 4 && run.trainer.history.allSatisfy { $0.loss.isFinite })
        // Those alone count as texts that were learned from, and those alone are judged.
        #expect(run.finish().outcome.seen.count == 3)
        let validation = try #require(run.record.untuned?.validation)
        #expect(validation.metrics.count == 3 && validation.leftOut?.count == 2)
        #expect(validation.remarks.contains("max_length=10 leaves nothing to judge of 2 of 5 texts"))
        #expect(try prepared(lengths, maxLength: 40).leftOut == LeftOut())
    }

    @Test func whereAllAreCutOffNothingIsTrained() throws {
        let problem = #expect(throws: Diagnostic.self) { try prepared([20, 30], maxLength: 10) }
        #expect(problem?.code == "no-labels" && problem?.setting == "max_length")
        #expect(
            problem?.message
                == "nothing can be learned: max_length=10 leaves nothing to learn of any of the 2 texts")
        #expect(problem?.hint == "raise max_length, which load takes too")
    }

    /// The loss of a batch is divided by what is learned in it, and not by its rows.
    @Test func aRowWithoutAnAnswerIsInNoDivisor() throws {
        func losses(_ examples: [EncodedExample], batch: Int) throws -> [Double] {
            var settings = TrainerSettings()
            (settings.batch, settings.maxSteps, settings.shareTokens) = (batch, 3, 1000)
            let trainer = try Trainer(
                model: model, task: Truncating(maxLength: 10),
                tuning: LowRankMethod().tuning(of: model, seed: 2), examples: examples, settings: settings,
                workers: workers, order: { _ in Array(examples.indices) })
            while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
            return trainer.history.flatMap { [$0.loss, $0.gradientNorm] }
        }
        let encoder = Truncating(maxLength: 10).encoder
        let all = try dataset([4, 20, 6]).train.map { try encoder.encode($0, nil) }
        #expect(all.map { CrossEntropyLoss().weight(of: $0) } == [1, 0, 1])
        let (with, without) = (try losses(all, batch: 3), try losses([all[0], all[2]], batch: 2))
        for (one, other) in zip(with, without) { #expect(abs(one - other) < 1e-5 * max(1, abs(other))) }
    }
}
