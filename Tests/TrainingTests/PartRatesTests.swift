import Diagnostics
import Foundation
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// Rates of parts: `lr.head=`, `lr.blocks=`, `lr.embeddings=`.
@Suite struct PartRatesTests {
    @Test(arguments: ["bert", "gpt2-untied", "llama3", "llama-classes"])
    func tenStepsWithRatesOfPartsEqualPyTorchs(name: String) throws {
        let rates = PartRates(embeddings: 2e-4, head: 5e-3)
        try WeightSteps(of: FullMethod(), on: name, rates: rates, golden: "parts").check()
    }

    private static func groups(
        _ rates: PartRates, _ method: any Method, head: Set<String> = ["score.weight"]
    ) throws -> [String: Float] {
        let model = try ModelLoader.load(path: GoldenFiles.model("gpt2"))
        var groups = try method.tuning(of: model, seed: 1).groups
        if let name = head.first {
            groups.append(ParameterGroup([Parameter(name: name, shape: [1], buffer: .init([1]))]))
        }
        let made = try rates.applied(to: groups, of: model, head: head, lr: 1e-3)
        #expect(made.flatMap(\.parameters).count == groups.flatMap(\.parameters).count)
        var found: [String: Float] = [:]
        for group in made { for parameter in group.parameters { found[parameter.name] = group.rate } }
        return found
    }

    @Test func eachPartHasItsRate() throws {
        let rates = PartRates(embeddings: 1e-4, blocks: 5e-4, head: 1e-2)
        let found = try Self.groups(rates, FullMethod())
        let wanted = [
            ("wte.weight", 0.1), ("wpe.weight", 0.1), ("h.0.mlp.c_fc.weight", 0.5), ("ln_f.weight", 0.5),
            ("score.weight", 10),
        ]
        for (name, rate) in wanted { #expect(abs((found[name] ?? 0) - Float(rate)) < 1e-5, "\(name)") }
    }

    /// A rate for each layer goes on top, and hooks belong to their blocks.
    @Test func ratesOfLayersGoOnTop() throws {
        let found = try Self.groups(PartRates(blocks: 2e-3), FullMethod(["decay": .number(2)]))
        #expect(found["h.1.mlp.c_fc.weight"] == 1 && found["h.0.mlp.c_fc.weight"] == 0.5)
        #expect(found["wte.weight"] == 0.125 && found["score.weight"] == 1)
        let hooked = try Self.groups(PartRates(blocks: 2e-3), LowRankMethod())
        #expect(hooked.filter { $0.key.contains("lora_") }.values.allSatisfy { $0 == 2 })
    }

    @Test func aRateOfWhatIsNotTrainedIsRefused() throws {
        let tables = #expect(throws: Diagnostic.self) {
            try Self.groups(PartRates(embeddings: 1e-4), LowRankMethod())
        }
        #expect(tables?.setting == "lr.embeddings")
        let head = #expect(throws: Diagnostic.self) {
            try Self.groups(PartRates(head: 1e-4), FullMethod(), head: [])
        }
        #expect(head?.setting == "lr.head")
    }

    /// Runs of before, which know no such rates, have the same bytes still.
    @Test func settingsWithoutRatesAreWrittenAsBefore() throws {
        let text = String(decoding: try JSONEncoder().encode(TrainerSettings()), as: UTF8.self)
        #expect(!text.contains("rates"))
        var settings = TrainerSettings()
        settings.rates = PartRates(head: 1e-3)
        let again = try JSONDecoder().decode(TrainerSettings.self, from: JSONEncoder().encode(settings))
        #expect(again == settings)
    }
}
