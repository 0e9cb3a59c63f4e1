import Diagnostics
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

@Suite struct BitFitTests {
    @Test(arguments: ["bert", "gpt2", "gpt2-untied", "llama3"])
    func tenStepsEqualPyTorchs(name: String) throws {
        try WeightSteps(of: BitFitMethod(), on: name).check()
    }

    @Test func aModelWithoutBiasesIsRefusedAndToldWhatElse() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("llama"))
        let problem = #expect(throws: Diagnostic.self) { try BitFitMethod().tuning(of: model, seed: 1) }
        #expect(problem?.code == "no-biases" && problem?.message.contains("llama has no biases") == true)
        #expect(problem?.hint?.contains("head") == true)
    }
}
