import Compute
import Diagnostics
import Foundation
import Interchange
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Training

/// Adapters made one, beside what PEFT's `add_weighted_adapter` makes of them (`Tests/Golden/make_peft_combined.py`).
@Suite struct CombinedAdaptersTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let adapters: [String]
        let weights: [Double]
        let space: CombinedAdapters.Space
        let combination: Combination
        var testDescription: String { name }
    }

    private static let folder = GoldenFiles.folder.appending(path: "peft-combined")
    private static let pair = ["one", "two"]
    private static let all = ["one", "two", "three"]

    private static func tried(
        _ name: String, _ adapters: [String], _ weights: [Double], _ space: CombinedAdapters.Space,
        _ rule: Combination.Rule = .linear, density: Double = 1, majority: Combination.Majority = .total
    ) -> Case {
        Case(
            name: name, adapters: adapters, weights: weights, space: space,
            combination: Combination(rule, density: density, majority: majority))
    }

    static let cases = [
        tried("linear", pair, [0.7, 0.5], .factors), tried("linear away", pair, [1, -0.4], .factors),
        tried("ties", pair, [0.7, 0.5], .factors, .ties, density: 0.4),
        tried("ties frequency", pair, [0.7, 0.5], .factors, .ties, density: 0.6, majority: .frequency),
        tried("magnitude_prune", pair, [0.7, 0.5], .factors, .magnitudePrune, density: 0.3),
        tried("dare_linear", pair, [0.7, 0.5], .factors, .dareLinear),
        tried("dare_ties", pair, [0.7, 0.5], .factors, .dareTies),
        tried("cat", all, [0.5, -0.3, 1.2], .concatenated),
        tried("svd", all, [0.5, 0.3, 1.2], .singular(rank: nil)),
        tried("svd rank", all, [0.5, 0.3, 1.2], .singular(rank: 2)),
        tried("ties_svd", all, [0.5, 0.3, 1.2], .singular(rank: nil), .ties, density: 0.5),
        tried(
            "magnitude_prune_svd", ["one", "three"], [0.5, 0.8], .singular(rank: nil), .magnitudePrune,
            density: 0.4),
        tried("dare_linear_svd", ["one", "three"], [0.5, 0.8], .singular(rank: nil), .dareLinear),
        tried("dare_ties_svd", pair, [0.5, 0.8], .singular(rank: nil), .dareTies),
    ]

    private static func combined(_ tried: Case, on base: String, _ model: any LanguageModel) throws
        -> CombinedAdapters
    {
        let folders = zip(tried.adapters, tried.weights).map {
            (path: folder.appending(path: "\(base)-\($0)").path, weight: $1)
        }
        return try CombinedAdapters(folders, for: model, in: tried.space, by: tried.combination)
    }

    @Test(arguments: cases, ["llama", "gpt2"]) func theLogitsArePEFTs(_ tried: Case, base: String) throws {
        let model = try ModelLoader.load(path: GoldenFiles.model(base))
        let tuning = try Self.combined(tried, on: base, model).tuning()
        let golden = try JSON(parsing: Data(contentsOf: Self.folder.appending(path: "combined.json")))
        let wanted = try #require(golden["\(base) \(tried.name)"]?.array).compactMap(\.number).map(Float.init)
        let found = Array(try SharedFixtures.logits(model, tuning, nil).suffix(wanted.count))
        let scale = wanted.map(abs).max() ?? 1
        #expect(SharedFixtures.largestDifference(found, wanted) < 1e-4 * max(1, scale))
    }

    /// Half of the values are dropped and the others doubled: another draw by another seed, and the mean stays.
    @Test func dareDropsAsManyAsItSays() {
        let values = [[Float](repeating: 1, count: 20_000)]
        func drawn(_ seed: UInt64) -> [Float] {
            Combination(.dareLinear, density: 0.5, seed: seed).combined(values, weights: [1], at: "here")
        }
        let first = drawn(1)
        #expect(Set(first) == [0, 2])
        #expect(abs(first.reduce(0, +) / 20_000 - 1) < 0.03)
        #expect(drawn(1) == first && drawn(2) != first)
    }

    @Test func headsBecomeTheirMean() throws {
        let model = try SharedFixtures.base(of: "bert-classes")
        let folder = SharedFixtures.folder("bert-classes")
        let combined = try CombinedAdapters(
            [(folder, 0.5), (folder, 1.5)], for: model, in: .singular(rank: nil), by: Combination(.linear))
        let opened = try OpenedAdapter(folder: folder, for: model)
        let own = try #require(try SharedFixtures.head(opened, on: model))
        let mean = try #require(try combined.head())
        #expect(
            SharedFixtures.largestDifference(
                mean.classifier.weight.dense().floats, own.classifier.weight.dense().floats) < 1e-6)
    }

    @Test func whatCannotBeOneIsSaid() throws {
        func problem(_ names: [String], _ space: CombinedAdapters.Space, weights: [Double]? = nil) throws
            -> Diagnostic?
        {
            let model = try SharedFixtures.base(of: names[0])
            return #expect(throws: Diagnostic.self) {
                let combined = try CombinedAdapters(
                    names.enumerated().map { (SharedFixtures.folder($1), weights?[$0] ?? 1) }, for: model,
                    in: space, by: Combination(.linear))
                _ = try combined.head()
            }
        }
        #expect(try problem(["bert-classes", "bert-patterns"], .factors)?.hint == "write how=svd or how=cat")
        #expect(
            try problem(["bert-classes", "bert-dora"], .concatenated)?.message.contains("no plain LoRA")
                == true)
        #expect(try problem(["bert-classes", "bert-pissa"], .concatenated)?.code == "not-combined")
        #expect(try problem(["bert-classes", "bert-biases"], .concatenated)?.code == "not-combined")
        #expect(
            try problem(["bert-classes", "bert-classes"], .concatenated, weights: [1, -1])?.setting
                == "weights")
        #expect(
            try problem(["bert-kept", "bert-patterns"], .concatenated)?.message.contains("same classes")
                == true)
    }
}
