import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// NEFTune's noise: where it stands, how large it is, and what it must not depend on.
@Suite struct NoiseTests {
    /// Transformers' own hook, with the numbers that are drawn here.
    @Test(arguments: ["bert", "gpt2", "llama", "llama-classes"])
    func tenStepsEqualPyTorchs(name: String) throws {
        try WeightSteps(of: FullMethod(), on: name, golden: "neftune") { $0.noise = 15 }.check()
    }

    private static let families = ["bert", "gpt2", "llama"]

    /// What the first operation of a model gives, of texts of these lengths.
    private static func embedded(
        _ family: String, lengths: [Int], identities: [UInt64]? = nil, noise: Float,
        _ randomness: Pass.Randomness?
    ) throws -> Tensor {
        let model = try ModelLoader.load(path: GoldenFiles.model(family))
        var tuning = Tuning(reach: .embeddings)
        tuning.noise = noise
        let pass = Pass(
            Layout(lengths: lengths, identities: identities), under: tuning, training: randomness)
        return pass.words(
            lengths.flatMap { length in (0..<length).map { Int32($0 % 60) } }, table: model.words)
    }

    /// Uniform within alpha / sqrt(L · d), of each text's own length, and nothing outside of training.
    @Test(arguments: families) func theNoiseIsAsLargeAsThePaperSays(family: String) throws {
        let (lengths, alpha) = ([60, 6], Float(5))
        let plain = try Self.embedded(family, lengths: lengths, noise: 0, .init(seed: 1, step: 0))
        let judged = try Self.embedded(family, lengths: lengths, noise: alpha, nil)
        #expect(judged.floats == plain.floats)
        let width = plain.columns
        for (first, length) in [(0, 60), (60, 6)] {
            let size = Double(alpha) / (Double(length) * Double(width)).squareRoot()
            var drawn: [Double] = []
            for step in 0..<40 {
                let noisy = try Self.embedded(
                    family, lengths: lengths, noise: alpha, .init(seed: 1, step: step))
                let range = first * width..<(first + length) * width
                drawn += zip(noisy.floats[range], plain.floats[range]).map {
                    (Double($0) - Double($1)) / size
                }
            }
            let count = Double(drawn.count)
            let mean = drawn.reduce(0, +) / count
            let square = drawn.reduce(0) { $0 + $1 * $1 } / count
            // Rounding of the sum aside.
            #expect(drawn.allSatisfy { abs($0) < 1.0001 })
            #expect(abs(mean) < 4 / (3 * count).squareRoot(), "\(mean)")
            #expect(abs(square - 1.0 / 3) < 4 * (4.0 / 45 / count).squareRoot(), "\(square)")
            // Each tenth of the range comes as often.
            for tenth in 0..<10 {
                let share = Double(drawn.count { Int(($0 + 1) * 5) == tenth }) / count
                #expect(abs(share - 0.1) < 4 * (0.09 / count).squareRoot(), "\(tenth): \(share)")
            }
        }
    }

    @Test func eachStepSeedAndTextHasItsOwn() throws {
        func noise(_ identity: UInt64, _ seed: UInt64, _ step: Int) throws -> [Float] {
            try Self.embedded(
                "llama", lengths: [9], identities: [identity], noise: 5, .init(seed: seed, step: step)
            ).floats
        }
        let all = [try noise(1, 1, 1), try noise(2, 1, 1), try noise(1, 2, 1), try noise(1, 1, 2)]
        #expect(Set(all).count == 4)
        #expect(try noise(1, 1, 1) == all[0])
        // Not of the batch around it.
        let both = try Self.embedded(
            "llama", lengths: [4, 9], identities: [5, 1], noise: 5, .init(seed: 1, step: 1))
        #expect(Array(both.floats.suffix(all[0].count)) == all[0])
    }

    /// Central differences under the same noise, of what is trained in the table and above it.
    @Test(arguments: families) func everyGradientIsTheLossesSlope(family: String) throws {
        let model = try ModelLoader.load(path: GoldenFiles.model(family))
        var tuning = try FullMethod().tuning(of: model, seed: 1)
        tuning.noise = 10
        let examples = GoldenFiles.sequences.enumerated().map { index, ids in
            EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 2))
        }
        let (task, rows) = (RunBits.head(model), examples.flatMap(\.rows))
        try Slopes.compare(of: tuning.trainedParameters) {
            let pass = Pass(
                Layout(rows, under: tuning), under: tuning, training: Pass.Randomness(seed: 7, step: 3))
            let h = try model.hiddenStates(Tokens(rows), pass)
            return (pass, try task.learn(h, examples, model: model, scale: 1, pass))
        }
    }

    private static func bits(
        _ family: String, _ method: (any Method)? = nil, workers: Int, noise: Float?,
        isWide: Bool = false
    ) throws -> [UInt64] {
        let model = try ModelLoader.load(path: GoldenFiles.model(family))
        return try RunBits.of(
            model, under: method ?? LowRankMethod(), RunBits.examples(growth: 3), workers: workers
        ) {
            ($0.isWide, $0.noise) = (isWide, noise)
        }
    }

    @Test(arguments: families, [false, true])
    func theBytesAreTheSameWithAnyNumberOfWorkers(family: String, isWide: Bool) throws {
        let one = try Self.bits(family, workers: 1, noise: 5, isWide: isWide)
        #expect(try Self.bits(family, workers: 2, noise: 5, isWide: isWide) == one)
        #expect(try Self.bits(family, workers: 8, noise: 5, isWide: isWide) == one)
        #expect(try Self.bits(family, workers: 2, noise: nil, isWide: isWide) != one)
    }

    /// What lies below the trained blocks is another in each step, and is not kept.
    @Test(arguments: families) func aFrozenTrunkFeelsTheNoiseInEveryEpoch(family: String) throws {
        let model = try ModelLoader.load(path: GoldenFiles.model(family))
        var tuning = try LastMethod().tuning(of: model, seed: 1)
        #expect(TrunkCache(model: model, tuning: tuning).depth == 1)
        tuning.noise = 5
        #expect(TrunkCache(model: model, tuning: tuning).depth == 0)
        #expect(
            try Self.bits(family, LastMethod(), workers: 2, noise: 5)
                != Self.bits(family, LastMethod(), workers: 2, noise: nil))
    }

    /// A prompt's own rows get none, and are no part of the length.
    @Test func rowsThatAPromptPutsFirstStayAsTheyAre() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        var tuning = try PromptTuningMethod(["tokens": .count(3)]).tuning(of: model, seed: 1)
        tuning.noise = 5
        let row = Row(ids: [5, 6, 7, 8], identity: 3)
        func words(_ tuning: Tuning, isTraining: Bool) -> Tensor {
            let pass = Pass(
                Layout([row], under: tuning), under: tuning,
                training: isTraining ? .init(seed: 1, step: 0) : nil)
            return pass.words(row.ids, table: model.words)
        }
        let (noisy, plain) = (words(tuning, isTraining: true), words(tuning, isTraining: false))
        let (width, leading) = (noisy.columns, tuning.leadingCount)
        #expect(leading == 3 && noisy.rows == 7)
        #expect(noisy.floats.prefix(3 * width) == plain.floats.prefix(3 * width))
        let size = 5 / Float(4 * width).squareRoot()
        let drawn = zip(noisy.floats, plain.floats).dropFirst(3 * width).map { abs($0 - $1) }
        #expect(drawn.allSatisfy { $0 <= size * 1.0001 } && (drawn.max() ?? 0) > 0.9 * size)
    }
}
