import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// Dropout of a model's own values: where it stands, what it passes back, and what it must not depend on.
@Suite struct DropoutRatesTests {
    private static let rates = DropoutRates(hidden: 0.3, attention: 0.2, head: 0.25)

    /// With the masks that are drawn here; Transformers says where they stand.
    @Test(arguments: ["bert", "gpt2", "gpt2-untied"])
    func tenStepsEqualPyTorchs(name: String) throws {
        try WeightSteps(of: FullMethod(), on: name, dropout: Self.rates, golden: "dropout").check()
    }

    /// LLaMA's hidden states have no dropout there.
    @Test(arguments: ["llama", "llama3"]) func tenStepsOfAttentionEqualPyTorchs(name: String) throws {
        let rates = DropoutRates(attention: 0.2)
        try WeightSteps(of: FullMethod(), on: name, dropout: rates, golden: "dropout").check()
    }

    private static let families = ["bert", "gpt2", "llama", "llama3"]

    /// Central differences under the same masks, also where keys are shared and lie before a sequence.
    @Test(arguments: families) func everyGradientIsTheLossesSlope(family: String) throws {
        let model = try ModelLoader.load(path: GoldenFiles.model(family))
        var tuning = try FullMethod().tuning(of: model, seed: 1)
        tuning.dropout = Self.rates
        let examples = GoldenFiles.sequences.enumerated().map { index, ids in
            EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 2))
        }
        let (task, rows) = (RunBits.head(model), examples.flatMap(\.rows))
        func learn() throws -> (pass: Pass, loss: Double) {
            let pass = Pass(
                Layout(rows, under: tuning), under: tuning, training: Pass.Randomness(seed: 7, step: 3))
            let h = try model.hiddenStates(Tokens(rows), pass)
            return (pass, try task.learn(h, examples, model: model, scale: 1, pass))
        }
        try Slopes.compare(of: tuning.trainedParameters, learn)
    }

    private static func bits(
        _ family: String, workers: Int, isWide: Bool = false, rates: DropoutRates?
    ) throws -> [UInt64] {
        let model = try ModelLoader.load(path: GoldenFiles.model(family))
        return try RunBits.of(model, under: FullMethod(), RunBits.examples(growth: 3), workers: workers) {
            ($0.isWide, $0.dropout) = (isWide, rates)
        }
    }

    @Test(arguments: families, [false, true])
    func theBytesAreTheSameWithAnyNumberOfWorkers(family: String, isWide: Bool) throws {
        let one = try Self.bits(family, workers: 1, isWide: isWide, rates: Self.rates)
        #expect(try Self.bits(family, workers: 2, isWide: isWide, rates: Self.rates) == one)
        #expect(try Self.bits(family, workers: 8, isWide: isWide, rates: Self.rates) == one)
    }

    /// Each of the three does something, and nothing is what it was before there was any.
    @Test(arguments: families) func everyRateCounts(family: String) throws {
        let none = try Self.bits(family, workers: 2, rates: nil)
        #expect(try Self.bits(family, workers: 2, rates: DropoutRates()) == none)
        let others = [
            DropoutRates(hidden: 0.1), DropoutRates(attention: 0.1), DropoutRates(head: 0.1),
        ]
        let all = try others.map { try Self.bits(family, workers: 2, rates: $0) } + [none]
        #expect(Set(all).count == 4)
    }

    /// A frozen trunk with dropout is another in each step, and is not kept.
    @Test func whatIsKeptOfATrunkGoesByTheRates() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("bert"))
        var tuning = try LastMethod().tuning(of: model, seed: 1)
        #expect(TrunkCache(model: model, tuning: tuning).depth == 1)
        tuning.dropout = DropoutRates(head: 0.1)
        #expect(TrunkCache(model: model, tuning: tuning).depth == 1)
        tuning.dropout = DropoutRates(hidden: 0.1)
        #expect(TrunkCache(model: model, tuning: tuning).depth == 0)
    }

    /// As many are zeroed as is said, and outside of training none.
    @Test(arguments: [Float(0.1), 0.5]) func theShareOfZeroesIsTheRate(rate: Float) throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        var tuning = Tuning(reach: .embeddings)
        tuning.dropout = DropoutRates(hidden: rate)
        let ids = (0..<60).map { Int32($0) }
        func embedded(_ randomness: Pass.Randomness?) throws -> [Float] {
            let pass = Pass(Layout(lengths: [60]), under: tuning, training: randomness)
            return try model.embed(Tokens(ids: ids), pass).floats
        }
        let plain = try embedded(nil)
        var zeroes = 0
        for step in 0..<20 {
            let dropped = try embedded(Pass.Randomness(seed: 1, step: step))
            for (value, whole) in zip(dropped, plain) where value != whole / (1 - rate) {
                guard value != 0 else {
                    zeroes += 1
                    continue
                }
                #expect(abs(value * (1 - rate) - whole) <= 1e-5 * abs(whole))
            }
        }
        let share = Double(zeroes) / Double(20 * plain.count)
        #expect(abs(share - Double(rate)) < 0.01, "\(share)")
    }
}
