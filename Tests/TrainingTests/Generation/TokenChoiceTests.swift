import Foundation
import System
import TestFixtures
import Testing

@testable import Training

/// What filters leave of a distribution, beside Transformers', which `Tests/Golden/make_generation.py` asked.
@Suite struct TokenChoiceTests {
    struct Golden: Decodable {
        struct Case: Decodable {
            let settings: [String: Double]
            let probabilities: [[String: Double]]

            var generation: GenerationSettings {
                var own = GenerationSettings()
                own.repetitionPenalty = Float(settings["repetition_penalty"] ?? 1)
                own.sampling = GenerationSettings.Sampling(
                    temperature: Float(settings["temperature"] ?? 1), topK: settings["top_k"].map { Int($0) },
                    topP: settings["top_p"], minP: settings["min_p"])
                return own
            }
        }
        let logits: [[Float]]
        let before: [[Int32]]
        let cases: [Case]

        static func read() throws -> Golden {
            let file = GoldenFiles.folder.appending(path: "generation/filters.json")
            return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
        }

        func next(_ one: Case, row: Int) -> TokenChoice {
            let own = one.generation
            return TokenChoice(
                own.penalised(logits[row], after: before[row]), by: own.sampling ?? .init())
        }
    }

    @Test func everyFilterLeavesWhatTransformersLeaves() throws {
        let golden = try Golden.read()
        #expect(golden.cases.count == 16)
        for one in golden.cases {
            for (row, wanted) in one.probabilities.enumerated() {
                let next = golden.next(one, row: row)
                let found = Dictionary(
                    uniqueKeysWithValues: zip(next.tokens.map { "\($0)" }, next.probabilities))
                #expect(Set(found.keys) == Set(wanted.keys), "\(one.settings), row \(row)")
                for (token, share) in wanted { #expect(abs((found[token] ?? 0) - share) < 1e-6) }
            }
        }
    }

    /// Pearson's statistic of 10,000 draws, with a bound that chance passes once in a million times (Wilson & Hilferty
    /// 1931).
    @Test func drawsFitTheDistribution() throws {
        let golden = try Golden.read()
        for (number, one) in golden.cases.enumerated() {
            let next = golden.next(one, row: number % 3)
            var random = CounterRandom(seed: 5, purpose: "draws", step: number)
            let draws = 10_000
            var counts: [Int: Int] = [:]
            for _ in 0..<draws { counts[next.token(at: random.uniform()), default: 0] += 1 }
            #expect(Set(counts.keys).isSubset(of: next.tokens))
            // Rare tokens count together.
            let (common, rare) = zip(next.tokens, next.probabilities).reduce(
                into: ([(Int, Double)](), (0, 0.0))
            ) { found, token in
                let seen = counts[token.0] ?? 0
                if token.1 * Double(draws) >= 5 {
                    found.0.append((seen, token.1))
                } else {
                    found.1 = (found.1.0 + seen, found.1.1 + token.1)
                }
            }
            let classes = common + (rare.1 * Double(draws) >= 5 ? [rare] : [])
            let statistic = classes.reduce(0.0) { sum, one in
                let wanted = one.1 * Double(draws)
                return sum + (Double(one.0) - wanted) * (Double(one.0) - wanted) / wanted
            }
            let freedom = Double(max(1, classes.count - 1))
            let spread = (2 / (9 * freedom)).squareRoot()
            let bound = freedom * pow(1 - 2 / (9 * freedom) + 4.75 * spread, 3)
            #expect(statistic < bound, "\(one.settings): \(statistic) of \(freedom)")
        }
    }

    /// The bound is one that other distributions do not keep.
    @Test func anotherTemperatureWouldBeSeen() throws {
        let golden = try Golden.read()
        let (one, other) = (
            TokenChoice(golden.logits[0], by: .init(temperature: 1)),
            TokenChoice(golden.logits[0], by: .init(temperature: 0.9))
        )
        let statistic = zip(one.probabilities, other.probabilities).reduce(0.0) {
            $0 + 10_000 * ($1.0 - $1.1) * ($1.0 - $1.1) / $1.1
        }
        #expect(statistic > 250)
    }
}
