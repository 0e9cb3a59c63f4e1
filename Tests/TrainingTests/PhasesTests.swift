import Compute
import Diagnostics
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// What rests in an epoch stays as it is, and all else is as if it had never been there.
@Suite struct PhasesTests {
    /// The head alone in epoch 0, then a block more in each epoch, the last one first (Howard & Ruder 2018).
    private struct GradualUnfreezing: Phases {
        let names: [(name: String, part: Part)]
        let blocks: Int

        func resting(in epoch: Int) -> Set<String> {
            guard epoch <= blocks else { return [] }
            return Set(names.filter { epoch == 0 || $0.part < .block(blocks - epoch) }.map(\.name))
        }
    }

    private static func tuning(_ model: any LanguageModel, restsAtTimes: Bool = true) throws -> Tuning {
        var tuning = try FullMethod().tuning(of: model, seed: 1)
        guard restsAtTimes else { return tuning }
        tuning.groups = tuning.groups.map {
            var group = $0
            group.rests = true
            return group
        }
        let names = tuning.trainedParameters.map { (name: $0.name, part: model.part(of: $0.name)) }
        tuning.phases = GradualUnfreezing(names: names, blocks: model.config.blocks)
        return tuning
    }

    private static func trainer(
        _ model: any LanguageModel, _ tuning: Tuning, workers: Int = 2, trunkLimit: Int? = nil,
        isWide: Bool = false, optimizer: OptimizerChoice? = nil
    ) throws -> Trainer {
        let head = ClassificationHead(
            for: model, classes: 2, pooling: model.isCausal ? .last : .mean, usesPooler: false, seed: 1)
        let examples = (0..<6).map { (index: Int) -> EncodedExample in
            let ids = (0..<(4 + 3 * index)).map { (place: Int) in Int32((place * 7 + index) % 50) }
            return EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 2))
        }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.shareTokens) = (3, 4, 30)
        (settings.weightDecay, settings.lr, settings.isWide) = (0.01, 1e-3, isWide)
        if let optimizer { settings.optimizer = optimizer }
        return try Trainer(
            model: model, task: HeadOnly(head: head), tuning: tuning, examples: examples, settings: settings,
            workers: Workers(count: workers), trunkLimit: trunkLimit)
    }

    @Test(arguments: ["bert", "gpt2", "llama"])
    func whatRestsChangesInNoWay(family: String) throws {
        let model = try ModelLoader.load(path: GoldenFiles.model(family))
        let trainer = try Self.trainer(model, Self.tuning(model))
        let lowest: [Part] = [.head, .block(1), .block(0), .embeddings]
        for (epoch, part) in lowest.enumerated() {
            let before = trainer.tuning.trainedParameters.map { ($0.name, $0.dense().floats) }
            for _ in 0..<2 { _ = try trainer.update(interruption: Interruption()) }
            let after = Dictionary(
                uniqueKeysWithValues: trainer.tuning.trainedParameters.map { ($0.name, $0.dense().floats) })
            for (name, values) in before {
                let isRead = model.store[name] == nil || model.part(of: name) >= part
                #expect((after[name] != values) == isRead, "\(name) in epoch \(epoch)")
            }
            #expect(trainer.trunk.depth == [2, 1, 0, 0][epoch])
        }
    }

    /// The first epoch of the blocks above is that of a tuning which has nothing else.
    @Test func anEpochIsThatOfATuningOfItsOwn() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("gpt2"))
        let phased = try Self.trainer(model, Self.tuning(model))
        let alone = try Self.trainer(model, Tuning())
        for _ in 0..<2 {
            _ = try phased.update(interruption: Interruption())
            _ = try alone.update(interruption: Interruption())
        }
        #expect(phased.history == alone.history)
    }

    @Test(arguments: ["bert", "llama"], [false, true])
    func theBytesAreTheSameHoweverItIsDone(family: String, isWide: Bool) throws {
        func bits(_ workers: Int, _ limit: Int?) throws -> [UInt64] {
            let model = try ModelLoader.load(path: GoldenFiles.model(family))
            let trainer = try Self.trainer(
                model, Self.tuning(model), workers: workers, trunkLimit: limit, isWide: isWide)
            while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
            return trainer.history.flatMap { [$0.loss.bitPattern, $0.gradientNorm.bitPattern] }
                + trainer.trainedParameters.flatMap { $0.dense().floats.map { UInt64($0.bitPattern) } }
        }
        let one = try bits(1, nil)
        #expect(try bits(3, nil) == one)
        #expect(try bits(2, 0) == one)
    }

    /// Each counts its own steps, so that Adam's first steps are corrected when they are taken.
    @Test func aParameterThatRestedTakesItsFirstStep() throws {
        let parameter = Parameter(name: "late", shape: [2], buffer: Buffer([1, 1]))
        let other = Parameter(name: "early", shape: [2], buffer: Buffer([1, 1]))
        let optimizer = AdamW(
            [ParameterGroup([other]), ParameterGroup([parameter], rests: true)],
            SettingValues(AdamW.declaration.settings, ["weight_decay": .number(0.1)]), workers: nil)
        let gradient = Buffer([0.5, -0.25])
        for _ in 0..<3 { optimizer.step(gradients: [gradient, nil], gradientScale: 1, lr: 0.1) }
        #expect(parameter.dense().floats == [1, 1])
        let first = Parameter(name: "first", shape: [2], buffer: Buffer([1, 1]))
        let fresh = AdamW(
            [ParameterGroup([first])],
            SettingValues(AdamW.declaration.settings, ["weight_decay": .number(0.1)]), workers: nil)
        fresh.step(gradients: [gradient], gradientScale: 1, lr: 0.1)
        optimizer.step(gradients: [gradient, gradient], gradientScale: 1, lr: 0.1)
        #expect(parameter.dense().floats == first.dense().floats)
        let again = AdamW(
            [ParameterGroup([other]), ParameterGroup([parameter], rests: true)],
            SettingValues(AdamW.declaration.settings), workers: nil)
        try again.restore(optimizer.snapshot())
        #expect(again.snapshot().tensors.first { $0.name == "late.steps" }?.values.floats == [1])
    }
}
