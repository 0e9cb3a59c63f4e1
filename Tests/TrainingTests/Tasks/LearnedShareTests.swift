import Compute
import Diagnostics
import Learning
import Models
import Synchronization
import TestFixtures
import Testing

@testable import Training

/// How a share's outputs are computed: in blocks, or all of them at once.
@Suite struct LearnedShareTests {
    /// 60, 60, 60 and 20 places.
    private static let examples = [61, 61, 61, 21].enumerated().map { index, count in
        EncodedExample(text: (0..<count).map { Int32(($0 * 7 + index) % 50) }, identity: UInt64(index))
    }

    private struct Outcome {
        var calls: [[Int]]
        var loss: Double
        var gradients: [[Float]]
    }

    private static func outcome(
        _ method: any Method, blockValues: Int, isByPlace: Bool = true
    ) throws -> Outcome {
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        let tuning = try method.tuning(of: model, seed: 4)
        for (index, parameter) in tuning.trainedParameters.enumerated() where method is LowRankMethod {
            parameter.fill(scale: 0.2, phase: Double(index))
        }
        let task = WatchedTask(NextToken(), isByPlace: isByPlace)
        let rows = examples.flatMap(\.rows)
        let pass = Pass(Layout(rows, under: tuning), under: tuning, training: .init(seed: 1, step: 1))
        let loss = try task.learn(
            model.hiddenStates(Tokens(rows), pass), examples, model: model, scale: 1 / 200, pass,
            blockValues: blockValues)
        return Outcome(
            calls: task.calls.withLock { $0 }, loss: loss,
            gradients: tuning.trainedParameters.map { pass.gradient(of: $0)?.floats ?? [] })
    }

    @Test func outputsComeInBlocksWithTheSameGradients() throws {
        let whole = try Self.outcome(LowRankMethod(), blockValues: 1 << 20)
        let blocks = try Self.outcome(LowRankMethod(), blockValues: 70 * 61)
        #expect(whole.calls == [[60, 60, 60, 20]])
        #expect(blocks.calls == [[66], [67], [67]])
        #expect(abs(whole.loss - blocks.loss) < 1e-6 * whole.loss)
        for (one, other) in zip(whole.gradients, blocks.gradients) {
            let largest = one.map(abs).max() ?? 0
            #expect(largest > 0)
            #expect(zip(one, other).allSatisfy { abs($0 - $1) <= 1e-5 * largest })
        }
    }

    @Test func whatNeedsAllOutputsGetsThemAtOnce() throws {
        let coupled = try Self.outcome(LowRankMethod(), blockValues: 70 * 61, isByPlace: false)
        #expect(coupled.calls == [[60, 60, 60, 20]])
        // A trained head's gradient is one product.
        let whole = try Self.outcome(FullMethod(), blockValues: 1 << 20)
        let full = try Self.outcome(FullMethod(), blockValues: 70 * 61)
        #expect(full.calls == [[60, 60, 60, 20]])
        #expect(full.loss == whole.loss && full.gradients == whole.gradients)
    }

    @Test func examplesThatAreCoupledAreOneShare() throws {
        for couples in [false, true] {
            let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
            let task = WatchedTask(NextToken(), couplesExamples: couples)
            var settings = TrainerSettings()
            (settings.batch, settings.shareTokens) = (4, 40)
            let trainer = try Trainer(
                model: model, task: task, tuning: LowRankMethod().tuning(of: model, seed: 2),
                examples: Self.examples, settings: settings, workers: Workers(count: 2))
            _ = try trainer.update(interruption: Interruption())
            let calls = task.calls.withLock { $0 }
            #expect(calls.reduce(0) { $0 + $1.count } == 4)
            #expect(calls.count == (couples ? 1 : 4))
            #expect(trainer.isWide == couples)
        }
    }

    @Test func aPartIsEncodedOnceHoweverOftenItIsJudged() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("bert"))
        let task = WatchedTask(
            SequenceClassification(
                model: model, tokenizer: WordNumbers(), labels: TaskCase.dataset.labels, maxLength: 30,
                seed: 1))
        let (workers, never) = (Workers(count: 2), Interruption())
        let part = try EncodedPart(TaskCase.dataset, .test, for: task, workers: workers, interruption: never)
        let results = try (0..<2).map { _ in
            try part.evaluate(model, under: nil, seen: SeenTexts(), workers: workers, interruption: never)
        }
        #expect(task.encodings.load(ordering: .relaxed) == TaskCase.dataset.test.count)
        #expect(results[0].metrics == results[1].metrics && results[0].matrix.total == 10)
        #expect(throws: Diagnostic.self) {
            try EncodedPart(
                TaskCase.dataset, .validation, for: task, workers: workers, interruption: never)
        }
    }
}
