import Compute
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// Rates that are far from what is usual for method, model and optimizer.
@Suite struct FarRateTests {
    private let loaded: LoadedModel

    init() throws {
        loaded = LoadedModel(
            name: "tiny", source: "", model: try ModelLoader.load(path: GoldenFiles.model("bert")),
            tokenizer: WordNumbers(), request: ModelRequest(name: "tiny", seed: 1))
    }

    private func found(
        _ method: any Method, _ lr: Double, by optimizer: OptimizerChoice = OptimizerChoice(),
        rates: PartRates? = nil, isWriting: Bool = false
    ) throws -> [FarRate] {
        var settings = TrainerSettings()
        (settings.lr, settings.optimizer, settings.rates) = (Float(lr), optimizer, rates)
        return try FarRate.found(
            in: settings, for: AttachedMethod(method, to: loaded, seed: 1), on: loaded, isWriting: isWriting)
    }

    /// What somebody gets who asks for nothing is never called far off, whatever the method and the optimizer.
    @Test(arguments: OptimizerRegistry.all.map { $0.declaration.name })
    func theUsualRateIsNear(optimizer: String) throws {
        let kind = try #require(OptimizerRegistry.named(optimizer))
        for method in MethodRegistry.all {
            let attached = try AttachedMethod(method.init(), to: loaded, seed: 1)
            let choice = OptimizerChoice(kind)
            let usual = attached.usualRate(on: loaded, isWriting: false, by: choice)
            for factor in [0.1, 1, 10] {
                #expect(try found(method.init(), usual * factor, by: choice).isEmpty, "\(method) \(factor)")
            }
        }
    }

    @Test(arguments: [
        // LoRA's 1e-3 for full tuning, whose own is 2e-5, and the other way around.
        ("full", 1e-3, true, 2e-5), ("lora", 2e-5, false, 1e-3), ("lora", 5e-2, true, 1e-3),
        ("prompt_tuning", 2e-5, false, 1e-2),
    ])
    func moreThanTenTimesOffIsFound(name: String, lr: Double, isTooHigh: Bool, usual: Double) throws {
        let method = try #require(MethodRegistry.all.first { $0.declaration.name == name })
        let far = try #require(try found(method.init(), lr).first)
        #expect(far.isTooHigh == isTooHigh && abs(far.usual / usual - 1) < 1e-6 && far.name == "lr")
        #expect(far.times > FarRate.limit)
    }

    /// A third to a tenth of AdamW's is Lion's; SGD's is a hundred times as much, less with momentum.
    @Test func anotherOptimizerHasOtherRates() throws {
        let (lion, sgd) = (OptimizerChoice(Lion.self), OptimizerChoice(SGD.self))
        let method = try LowRankMethod()
        #expect(try found(method, 3.3e-3).isEmpty)
        #expect(try found(method, 5e-3, by: lion).first?.isTooHigh == true)
        #expect(try found(method, 1e-4, by: lion).isEmpty && found(method, 3e-4, by: lion).isEmpty)
        #expect(try found(method, 5e-6, by: lion).first?.isTooHigh == false)
        // AdamW's rate moves nothing there, and SGD's would tear AdamW's weights apart.
        #expect(try found(method, 1e-4, by: sgd).first?.isTooHigh == false)
        #expect(try found(method, 0.1, by: sgd).isEmpty && found(method, 0.1).first?.isTooHigh == true)
        let momentum = OptimizerChoice(SGD.self, ["momentum": .number(0.9)])
        let attached = try AttachedMethod(method, to: loaded, seed: 1)
        #expect(abs(attached.usualRate(on: loaded, isWriting: false, by: sgd) - 0.1) < 1e-9)
        #expect(abs(attached.usualRate(on: loaded, isWriting: false, by: momentum) - 0.01) < 1e-9)
        #expect(abs(attached.usualRate(on: loaded, isWriting: false, by: lion) - 2e-4) < 1e-9)
    }

    /// Whole models are tuned with SGD at 0.01, adapters at 0.1 and more; with momentum a tenth of it does as much.
    @Test func theRatesThatPeopleTakeWithSGDAreNotFar() throws {
        let (sgd, momentum) = (
            OptimizerChoice(SGD.self), OptimizerChoice(SGD.self, ["momentum": .number(0.9)])
        )
        for (choice, factor) in [(sgd, 1), (momentum, 0.1)] {
            for rate in [1e-3, 0.01, 0.1] {
                #expect(try found(FullMethod(), rate * factor, by: choice).isEmpty, "\(rate)")
            }
            for rate in [0.02, 0.1, 1, 5] {
                #expect(try found(LowRankMethod(), rate * factor, by: choice).isEmpty, "\(rate)")
            }
            #expect(try found(FullMethod(), 2 * factor, by: choice).first?.isTooHigh == true)
            #expect(try found(LowRankMethod(), 1e-3 * factor, by: choice).first?.isTooHigh == false)
        }
    }

    /// What is called usual is the rate that is taken where none is given, whatever the optimizer.
    @Test(arguments: OptimizerRegistry.all.map { $0.declaration.name })
    func whatIsCalledUsualIs(optimizer: String) throws {
        let choice = OptimizerChoice(try #require(OptimizerRegistry.named(optimizer)))
        let method = try LowRankMethod()
        let usual = try AttachedMethod(method, to: loaded, seed: 1)
            .usualRate(on: loaded, isWriting: false, by: choice)
        let far = try #require(try found(method, usual / 1e4, by: choice).first)
        #expect(abs(far.usual / usual - 1) < 1e-9 && abs(far.times / 1e4 - 1) < 1e-4)
    }

    /// As `help train` tunes prompts: ten times as much as random weights want, and the method's own.
    @Test func aMethodsOwnRateIsNotFarOnRandomWeights() throws {
        let untrained = LoadedModel(
            name: "nano", source: "", model: loaded.model, tokenizer: loaded.tokenizer, isUntrained: true,
            request: loaded.request)
        let prompt = try #require(MethodRegistry.all.first { $0.declaration.name == "prompt_tuning" })
        let method = try AttachedMethod(prompt.init(), to: untrained, seed: 1)
        var settings = TrainerSettings()
        (settings.lr, settings.optimizer) = (0.03, OptimizerChoice(Adafactor.self))
        #expect(FarRate.found(in: settings, for: method, on: untrained, isWriting: false).isEmpty)
        settings.lr = 0.5
        #expect(FarRate.found(in: settings, for: method, on: untrained, isWriting: false).count == 1)
    }

    @Test func aPartsOwnRateIsLookedAtToo() throws {
        let head = try found(FullMethod(), 2e-5, rates: PartRates(head: 1e-3))
        #expect(head.isEmpty)
        let far = try found(FullMethod(), 2e-5, rates: PartRates(blocks: 1e-3, head: 0.5))
        #expect(far.map(\.name) == ["lr.blocks", "lr.head"] && far.allSatisfy(\.isTooHigh))
    }

    @Test func randomWeightsHaveARateOfTheirOwn() throws {
        let untrained = LoadedModel(
            name: "nano", source: "", model: loaded.model, tokenizer: loaded.tokenizer, isUntrained: true,
            request: loaded.request)
        var settings = TrainerSettings()
        settings.lr = 2e-3
        let method = try AttachedMethod(FullMethod(), to: untrained, seed: 1)
        #expect(FarRate.found(in: settings, for: method, on: untrained, isWriting: false).isEmpty)
        #expect(try found(FullMethod(), 2e-3).count == 1)
    }
}
