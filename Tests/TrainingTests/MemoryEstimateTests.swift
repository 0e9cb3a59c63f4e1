import Compute
import Diagnostics
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// What is thought to be needed follows what is done. `Benchmarks/memory.py` measures it.
@Suite struct MemoryEstimateTests {
    private static func trainer(
        _ method: any Method, family: String = "llama", tokens: Int = 60, texts: Int = 24,
        changing change: (inout TrainerSettings) -> Void = { _ in }
    ) throws -> Trainer {
        let model = try SizedModels.model(family, blocks: 6)
        let examples = (0..<texts).map { (index: Int) -> EncodedExample in
            let ids = (0..<tokens).map { (place: Int) in Int32((place * 7 + index) % 50) }
            return EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 2))
        }
        let head = ClassificationHead(
            for: model, classes: 2, pooling: .last, usesPooler: false, seed: 1)
        var settings = TrainerSettings()
        change(&settings)
        return try Trainer(
            model: model, task: HeadOnly(head: head), tuning: method.tuning(of: model, seed: 1),
            examples: examples, settings: settings, workers: Workers(count: 2), trunkLimit: 1 << 30)
    }

    private static func estimate(
        _ trainer: Trainer, _ change: MemoryEstimate.Change = .init()
    ) -> MemoryEstimate { MemoryEstimate(of: trainer, workers: 2, changed: change) }

    @Test func whatIsKeptOfATrunkCounts() throws {
        let trainer = try Self.trainer(HeadMethod())
        #expect(Self.estimate(trainer).trunk == 4 * 24 * 60 * SizedModels.width)
        #expect(try Self.estimate(Self.trainer(LowRankMethod())).trunk == 0)
        #expect(try Self.estimate(Self.trainer(LastMethod())).trunk > 0)
    }

    @Test func fullTuningHoldsACopyAGradientAndWhatTheOptimizerKeeps() throws {
        let trainer = try Self.trainer(FullMethod()) { $0.isWide = true }
        let values = 4 * trainer.trainedParameters.reduce(0) { $0 + $1.count }
        let estimate = Self.estimate(trainer)
        #expect(estimate.weights == values && estimate.gradients == values)
        #expect(estimate.optimizer == 2 * values)
    }

    @Test func eachRemedyHelps() throws {
        // Wide: else gradients in the hands of workers, larger than what such a small model keeps, hide what helps.
        let trainer = try Self.trainer(FullMethod(), tokens: 60) { ($0.shareTokens, $0.isWide) = (512, true) }
        let now = Self.estimate(trainer)
        for change: MemoryEstimate.Change in [
            .init(checkpointing: true), .init(longest: 8), .init(batch: 1), .init(adapters: 4000),
        ] {
            #expect(Self.estimate(trainer, change).total < now.total, "\(change)")
        }
        // Of thin corrections what is kept of the texts is nearly all, in workers' hands too.
        let thin = try Self.trainer(LowRankMethod(), tokens: 60) { $0.shareTokens = 512 }
        for change: MemoryEstimate.Change in [.init(checkpointing: true), .init(longest: 8), .init(batch: 1)]
        {
            #expect(Self.estimate(thin, change).total < Self.estimate(thin).total, "\(change)")
        }
        let checkpointed = try Self.trainer(FullMethod(), tokens: 60) {
            ($0.shareTokens, $0.isWide, $0.checkpointing) = (512, true, true)
        }
        #expect(Self.estimate(checkpointed) == Self.estimate(trainer, .init(checkpointing: true)))
    }

    /// Wherever in an epoch the longest text comes.
    @Test func theLongestTextCountsAmongThousands() throws {
        func trainer(_ long: Int?) throws -> Trainer {
            let model = try SizedModels.model("llama", blocks: 2)
            let examples = (0..<2000).map { (index: Int) -> EncodedExample in
                let ids = (0..<(index == long ? 60 : 4)).map { (place: Int) in Int32((place * 7 + index) % 50)
                }
                return EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 2))
            }
            let head = ClassificationHead(for: model, classes: 2, pooling: .last, usesPooler: false, seed: 1)
            var settings = TrainerSettings()
            (settings.batch, settings.epochs) = (1, 1)
            return try Trainer(
                model: model, task: HeadOnly(head: head), tuning: LowRankMethod().tuning(of: model, seed: 1),
                examples: examples, settings: settings, workers: Workers(count: 2), trunkLimit: 1 << 30)
        }
        let short = Self.estimate(try trainer(nil)).activations
        let trainers = try (0..<2000).filter { $0 % 499 == 0 }.map { try trainer($0) }
        for trainer in trainers { #expect(Self.estimate(trainer).activations > 5 * short) }
    }

    /// Blocks below what is tuned record nothing, also where dropout keeps their outputs from being held.
    @Test func onlyBlocksThatAreTunedOrPassedAreKept() throws {
        let held = try Self.trainer(LastMethod())
        let dropped = try Self.trainer(LastMethod()) { $0.dropout = DropoutRates(hidden: 0.1) }
        #expect(dropped.trunk.depth == 0 && held.trunk.depth > 0)
        #expect(Self.estimate(dropped).activations == Self.estimate(held).activations)
        #expect(Self.estimate(dropped).trunk == 0)
    }

    @Test func interventionsCount() throws {
        let model = try SizedModels.model("llama", blocks: 6)
        let tuning = try ReFTMethod().tuning(of: model, seed: 1)
        let kept = PassShape(of: model, under: tuning).keptOfSequence
        #expect(!tuning.outputs.isEmpty && tuning.outputs.keys.allSatisfy { kept[$0] >= SizedModels.width })
        #expect(PassShape(of: model, under: nil).keptOfSequence.allSatisfy { $0 == 0 })
    }

    @Test func longerTextsNeedMore() throws {
        let (short, long) = try (
            Self.trainer(LowRankMethod(), tokens: 10, texts: 2),
            Self.trainer(LowRankMethod(), tokens: 60, texts: 2)
        )
        #expect(2 * Self.estimate(short).activations < Self.estimate(long).activations)
    }

    /// What one pass keeps of 480 rows over what is thought, in a process that has done nothing else: blocks that lie
    /// about are given to those who ask for half as much, and then count whole.
    private static func kept(_ family: String, _ method: any Method) throws -> Double {
        let model = try SizedModels.model(family, blocks: 8)
        let tuning = try method.tuning(of: model, seed: 1)
        try tuning.prepare(over: model)
        let rows = (0..<8).map { (index: Int) -> Row in
            let ids = (0..<60).map { (place: Int) in Int32((place * 7 + index) % 50) }
            return Row(ids: ids, identity: UInt64(index))
        }
        let before = BufferPool.shared.bytesInUse
        let pass = Pass(
            Layout(rows, under: tuning), under: tuning, training: Pass.Randomness(seed: 7, step: 3))
        let h = try model.hiddenStates(Tokens(rows), pass)
        let measured = withExtendedLifetime((pass, h)) { BufferPool.shared.bytesInUse - before }
        let thought = 4 * 480 * PassShape(of: model, under: tuning).kept.reduce(0, +)
        return Double(measured) / Double(thought)
    }

    @Test func anEncodersShareKeepsWhatIsThought() async {
        await #expect(processExitsWith: .success) {
            let ratio = try MemoryEstimateTests.kept("bert", LowRankMethod())
            #expect((0.8...1.3).contains(ratio), "\(ratio)")
        }
    }

    @Test func aDecodersShareKeepsWhatIsThought() async {
        await #expect(processExitsWith: .success) {
            let ratio = try MemoryEstimateTests.kept("gpt2", VeRAMethod())
            #expect((0.8...1.3).contains(ratio), "\(ratio)")
        }
    }

    @Test func aDecomposedAdaptersShareKeepsWhatIsThought() async {
        await #expect(processExitsWith: .success) {
            let ratio = try MemoryEstimateTests.kept("llama", LowRankMethod(["dora": .flag(true)]))
            #expect((0.8...1.3).contains(ratio), "\(ratio)")
        }
    }
}
