import Compute
import Diagnostics
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

@Suite struct LastMethodTests {
    @Test(arguments: ["bert", "gpt2", "llama", "gpt2-untied", "llama3", "llama-classes"])
    func tenStepsEqualPyTorchs(name: String) throws {
        try WeightSteps(of: LastMethod(), on: name).check()
    }

    /// The language head aside, which `full last=n` leaves alone.
    @Test(arguments: ["bert", "gpt2", "gpt2-untied", "llama", "llama3"], [1, 2])
    func itIsWhatFullMeansByLast(family: String, count: Int) throws {
        let model = try ModelLoader.load(path: GoldenFiles.model(family))
        let one = try LastMethod(["n": .count(count)]).tuning(of: model, seed: 1)
        let other = try FullMethod(["last": .count(count)]).tuning(of: model, seed: 1)
        let names = one.trainedParameters.map(\.name)
        #expect(
            names.filter { model.part(of: $0) != .languageHead } == other.trainedParameters.map(\.name))
        #expect(names.contains("lm_head.weight") == (model.isCausal && model.tiedTable == nil))
        #expect(one.reach == .block(2 - count) && other.reach == one.reach)
    }

    @Test func aTiedHeadIsSaidToStayFrozen() throws {
        let method = try LastMethod()
        func remarks(_ name: String, isWriting: Bool) throws -> [String] {
            method.remarks(
                on: try ModelLoader.load(path: GoldenFiles.model(name)), isWriting: isWriting)
        }
        #expect(try remarks("gpt2", isWriting: true).first?.contains("stays frozen") == true)
        #expect(try remarks("gpt2", isWriting: false).isEmpty)
        #expect(try remarks("gpt2-untied", isWriting: true).isEmpty)
    }

    @Test func moreBlocksThanThereAreAreRefused() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        let problem = #expect(throws: Diagnostic.self) {
            try LastMethod(["n": .count(3)]).tuning(of: model, seed: 1)
        }
        #expect(problem?.code == "bad-layers" && problem?.message.contains("2 blocks") == true)
    }
}
