import Learning
import Models
import TestFixtures
import Testing

@testable import Training

@Suite struct NormsMethodTests {
    @Test(arguments: ["bert", "gpt2", "llama", "gpt2-untied", "llama3", "llama-classes"])
    func tenStepsEqualPyTorchs(name: String) throws {
        try WeightSteps(of: NormsMethod(), on: name).check()
    }

    /// Which parameters are a norm's is known by who makes them, not by their names.
    @Test(arguments: ["bert", "gpt2", "llama3"]) func theStoreKnowsTheNorms(family: String) throws {
        let model = try ModelLoader.load(path: GoldenFiles.model(family))
        let names = model.store.parameters.map(\.name).filter {
            $0.lowercased().contains("norm") || $0.contains("ln_")
        }
        #expect(model.store.norms == Set(names) && !names.isEmpty)
    }
}
