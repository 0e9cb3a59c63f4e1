import Compute
import Foundation
import Learning
import Models
import Testing

@testable import Training

/// Of each block only its input is kept, and nothing but memory and time is another.
@Suite struct CheckpointingTests {
    /// With dropout wherever there is any.
    private static func bits(
        _ method: any Method, _ family: String, checkpointing: Bool, workers: Int, isWide: Bool
    ) throws -> [UInt64] {
        let model = try MethodRegistryTests.Case(method: type(of: method), family: family).model()
        return try RunBits.of(model, under: method, workers: workers) {
            $0.isWide = isWide ? true : nil
            $0.dropout = DropoutRates(hidden: 0.1, attention: 0.2, head: 0.1)
            $0.checkpointing = checkpointing ? true : nil
        }
    }

    @Test(arguments: MethodRegistryTests.cases)
    func theBytesAreTheSame(_ tried: MethodRegistryTests.Case) throws {
        let method = try tried.method.init()
        for isWide in [false, true] {
            let kept = try Self.bits(
                method, tried.family, checkpointing: false, workers: 2, isWide: isWide)
            for workers in [1, 3] {
                let made = try Self.bits(
                    method, tried.family, checkpointing: true, workers: workers, isWide: isWide)
                #expect(made == kept, "\(workers) workers, wide: \(isWide)")
            }
        }
    }

    /// Settings under which other operations compute.
    private static let variants: [(any Method.Type, [String: SettingValue])] = [
        (LowRankMethod.self, ["dora": .flag(true), "dropout": .number(0.4)]),
        (LowRankMethod.self, ["targets": .names(["all-linear", "embeddings"]), "dropout": .number(0.3)]),
        (LowRankMethod.self, ["tokens": .names(["3", "9", "20"]), "init": .word("pissa"), "r": .count(3)]),
        (LowRankMethod.self, ["layers": .names(["1"])]),
        (VeRAMethod.self, ["dropout": .number(0.3), "r": .count(12)]),
        (PrefixTuningMethod.self, ["projection": .flag(true)]),
        (ReFTMethod.self, ["dropout": .number(0.2), "share": .flag(true)]),
        (FullMethod.self, ["last": .count(1)]),
        (FullMethod.self, ["unfreeze": .word("gradual")]),
    ]

    @Test(arguments: variants.indices, ["bert", "gpt2", "llama"])
    func theBytesOfVariantsAreTheSame(number: Int, family: String) throws {
        let (kind, given) = Self.variants[number]
        let method = try kind.init(given)
        let kept = try Self.bits(method, family, checkpointing: false, workers: 1, isWide: false)
        for (workers, isWide) in [(1, false), (4, false)] {
            let made = try Self.bits(
                method, family, checkpointing: true, workers: workers, isWide: isWide)
            #expect(made == kept, "\(workers) workers")
        }
    }

    /// Bytes in use once a share's hidden states are there, in a process that does nothing else.
    private static func keptBytes(_ family: String, checkpointing: Bool) throws -> Int {
        let model = try SizedModels.model(family, blocks: 12)
        let tuning = try LowRankMethod().tuning(of: model, seed: 9)
        let rows = (0..<8).map { (index: Int) -> Row in
            let ids = (0..<60).map { (place: Int) in Int32((place * 7 + index) % 50) }
            return Row(ids: ids, identity: UInt64(index))
        }
        func kept() throws -> Int {
            let before = BufferPool.shared.bytesInUse
            let pass = Pass(
                Layout(rows, under: tuning), under: tuning, training: Pass.Randomness(seed: 7, step: 3),
                checkpointing: checkpointing)
            let h = try model.hiddenStates(Tokens(rows), pass)
            return withExtendedLifetime((pass, h)) { BufferPool.shared.bytesInUse - before }
        }
        _ = try kept()
        return try kept()
    }

    @Test func lessThanAQuarterIsKeptOfTwelveBlocks() async {
        await #expect(processExitsWith: .success) {
            for family in ["bert", "gpt2", "llama"] {
                let all = try Self.keptBytes(family, checkpointing: false)
                let inputs = try Self.keptBytes(family, checkpointing: true)
                #expect(4 * inputs < all, "\(family): \(inputs) of \(all) bytes")
                #expect(inputs > 12 * 480 * SizedModels.width * 4, "\(family) keeps too little to be true")
            }
        }
    }

    /// A run can be finished with it that was begun without.
    @Test func itIsNoPartOfWhatARunIsKnownBy() throws {
        var settings = TrainerSettings()
        let plain = try JSONEncoder().encode(settings)
        #expect(!String(decoding: plain, as: UTF8.self).contains("checkpointing"))
        settings.checkpointing = true
        #expect(
            try JSONDecoder().decode(TrainerSettings.self, from: JSONEncoder().encode(settings)) == settings)
    }
}
