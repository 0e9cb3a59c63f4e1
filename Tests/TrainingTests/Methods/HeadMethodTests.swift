import Compute
import Diagnostics
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

@Suite struct HeadMethodTests {
    @Test(arguments: ["bert", "gpt2-untied", "llama3", "llama-classes"])
    func tenStepsEqualPyTorchs(name: String) throws {
        try WeightSteps(of: HeadMethod(), on: name).check()
    }

    /// What lies below is the same in every epoch: it is computed once for each example.
    @Test func theBlocksRunOnce() throws {
        let steps = try WeightSteps(of: HeadMethod(), on: "llama-classes")
        let trainer = try steps.trainer(steps.model(), workers: 1)
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        #expect(trainer.trunk.depth == 2)
        #expect(trainer.trunk.computations.load(ordering: .relaxed) == 1)
        #expect(trainer.trunk.recalls.load(ordering: .relaxed) == 9)
    }

    @Test func whereNothingIsLeftToTrainThatIsSaid() throws {
        let steps = try WeightSteps(of: HeadMethod(), on: "gpt2")
        let model = try steps.model()
        let problem = #expect(throws: Diagnostic.self) { try steps.trainer(model) }
        #expect(problem?.code == "nothing-to-train" && problem?.hint?.contains("prompt=") == true)
        let said = try HeadMethod().remarks(on: model, isWriting: true)
        #expect(said.first?.contains("tied to the embeddings") == true)
    }
}
