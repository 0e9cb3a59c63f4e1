import Compute
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

@Suite struct HFTTests {
    /// Every step is an epoch, so that each has another half.
    @Test(arguments: ["bert", "gpt2", "llama", "gpt2-untied", "llama3", "llama-classes"])
    func tenStepsEqualPyTorchs(name: String) throws {
        try WeightSteps(of: HFTMethod(), on: name).check()
    }

    private static func tuning(_ family: String, seed: UInt64) throws -> (any LanguageModel, Tuning) {
        let model = try ModelLoader.load(path: GoldenFiles.model(family))
        return (model, try HFTMethod().tuning(of: model, seed: seed))
    }

    @Test(arguments: ["bert", "gpt2", "llama3"])
    func halfOfEachKindOfLayerRests(family: String) throws {
        let (model, tuning) = try Self.tuning(family, seed: 5)
        let phases = try #require(tuning.phases)
        let names = tuning.trainedParameters.map(\.name)
        let weights = names.filter { model.blockIndex(of: $0) != nil && $0.hasSuffix(".weight") }
        for epoch in 0..<6 {
            let resting = phases.resting(in: epoch)
            #expect(resting.isSubset(of: names))
            #expect(weights.count(where: resting.contains) * 2 == weights.count, "epoch \(epoch)")
            // A bias goes with its matrix.
            for name in names
            where name.hasSuffix(".bias") && names.contains(name.replacing(".bias", with: ".weight")) {
                #expect(resting.contains(name) == resting.contains(name.replacing(".bias", with: ".weight")))
            }
        }
    }

    @Test func seedAndEpochDrawIt() throws {
        let draws = try [5, 5, 6].map { seed in
            let phases = try #require(try Self.tuning("llama", seed: UInt64(seed)).1.phases)
            return (0..<8).map { phases.resting(in: $0) }
        }
        #expect(draws[0] == draws[1] && draws[0] != draws[2])
        #expect(Set(draws[0]).count > 4)
        // Over some epochs everything learns.
        #expect(draws[0].reduce(draws[0][0]) { $0.intersection($1) }.isEmpty)
    }
}
