import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// What weight decay leaves alone, as Transformers' Trainer has it.
@Suite struct WeightDecayScopeTests {
    private static let names = ["bert", "gpt2", "llama", "gpt2-untied", "llama-classes"]

    /// Over the groups that the Trainer makes, with a decay that would be noticed.
    @Test(arguments: names) func tenStepsWithTheTrainersGroupsEqualPyTorchs(name: String) throws {
        try WeightSteps(of: FullMethod(), on: name, golden: "spared") {
            ($0.weightDecay, $0.sparesBiases) = (2, true)
        }.check()
    }

    private static func golden() throws -> JSON {
        try JSON(parsing: Data(contentsOf: GoldenFiles.folder.appending(path: "weights/spared.json")))
    }

    @Test(arguments: names) func theTrainerLeavesTheSameAlone(name: String) throws {
        let steps = try WeightSteps(of: FullMethod(), on: name, golden: "spared") {
            ($0.weightDecay, $0.sparesBiases) = (2, true)
        }
        let model = try steps.model()
        let trainer = try steps.trainer(model)
        let spared = trainer.tuning.groups.filter { !$0.decays }.flatMap(\.parameters).map { parameter in
            model.store[parameter.name] == nil || model.part(of: parameter.name) == .languageHead
                ? parameter.name : model.taskPrefix + parameter.name
        }
        let wanted = try Self.golden()[name]?["spared"]?.array?.compactMap(\.string) ?? []
        #expect(!wanted.isEmpty && spared.sorted() == wanted.sorted())
        let whole = try FullMethod().tuning(of: model, seed: 1)
        #expect(trainer.trainedParameters.count >= whole.trainedParameters.count)
    }

    /// PEFT's names of what adapters train: all but biases and norms decay, vectors too.
    @Test func whatAdaptersTrainDecaysAsPEFTsDoes() throws {
        let model = try ModelLoader.load(path: GoldenFiles.peft("bert-base"))
        let adapters = try #require(try Self.golden()["adapters"]?.object)
        #expect(adapters.count == 6)
        for (_, adapter) in adapters {
            let names = adapter["trained"]?.array?.compactMap(\.string) ?? []
            let spared = adapter["spared"]?.array?.compactMap(\.string) ?? []
            #expect(!names.isEmpty)
            #expect(names.filter { WeightDecayScope.isSpared($0, by: model) } == spared)
        }
    }

    /// Ours are called as PEFT's, but for the prefix; only what the methods' own groups spare stays besides.
    @Test(arguments: ["lora", "ia3", "vera", "reft", "prompt_tuning", "prefix_tuning", "bitfit", "norms"])
    func onlyBiasesAndNormsOfEachMethodAreSpared(name: String) throws {
        let kind = try #require(MethodRegistry.all.first { $0.declaration.name == name })
        let model = try ModelLoader.load(path: GoldenFiles.model("bert"))
        let method = try kind.init(SettingValues(kind.declaration.settings))
        let groups = try method.tuning(of: model, seed: 1).groups
        let made = WeightDecayScope.sparing(groups, of: model)
        #expect(made.flatMap(\.parameters).count == groups.flatMap(\.parameters).count)
        for group in made {
            for parameter in group.parameters {
                let isBiasOrNorm =
                    parameter.name.contains("bias") || model.store.norms.contains(parameter.name)
                // ReFT's directions are turned back to length 1 after each step.
                let isKept = parameter.name.hasSuffix("rotate_layer")
                #expect(group.decays == !(isBiasOrNorm || isKept), "\(parameter.name)")
            }
        }
        if ["bitfit", "norms"].contains(name) { #expect(made.allSatisfy { !$0.decays }) }
    }

    /// Rates, rests and what follows a step stay; without the setting nothing is cut.
    @Test func nothingElseOfAGroupChanges() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("gpt2"))
        let group = ParameterGroup(
            [
                Parameter(name: "a.weight", shape: [1], buffer: .init([1])),
                Parameter(name: "a.bias", shape: [1], buffer: .init([1])),
            ], rate: 3, rests: true)
        let made = WeightDecayScope.sparing([group], of: model)
        #expect(made.map { $0.parameters.map(\.name) } == [["a.weight"], ["a.bias"]])
        #expect(made.allSatisfy { $0.rate == 3 && $0.rests } && made.map(\.decays) == [true, false])
        let plain = try WeightSteps(of: FullMethod(), on: "gpt2") { $0.weightDecay = 0.1 }
        #expect(try plain.trainer(plain.model()).tuning.groups.allSatisfy(\.decays))
    }
}
