import Foundation
import System
import Testing

@testable import Training

/// The rates that fastai's rules find, written down once more in `Tests/Golden/make_rate_rules.py`.
@Suite struct RateRuleTests {
    struct Golden: Decodable {
        let steps: Int
        let losses: [Double]
        let used: Int
        let end: String
        let smoothed: [Double]
        let valley, steep, minimum: Double

        func rate(_ rule: RateRule) -> Double {
            switch rule {
            case .valley: valley
            case .steep: steep
            case .minimum: minimum
            }
        }
    }

    private static func curve(_ losses: [Double], of steps: Int) -> RateCurve {
        let range = RateRange(from: 1e-7, to: 10, steps: steps)
        var curve = RateCurve(planned: steps)
        for (step, loss) in losses.enumerated() where curve.ending == nil {
            curve.add(rate: range.rate(at: step), loss: loss)
        }
        if curve.ending == nil { curve.endWithoutNumber() }
        return curve
    }

    @Test func everyRuleFindsWhatFastaisFinds() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Golden/fixtures/rate-rules.json")
        let cases = try JSONDecoder().decode([String: Golden].self, from: Data(contentsOf: file))
        #expect(cases.count == 9)
        for (name, golden) in cases {
            let curve = Self.curve(golden.losses, of: golden.steps)
            #expect(curve.points.count == golden.used && curve.ending?.rawValue == golden.end, "\(name)")
            for (point, wanted) in zip(curve.points, golden.smoothed) {
                #expect(abs(point.smoothed - wanted) <= 1e-12 * abs(wanted), "\(name)")
            }
            for rule in RateRule.allCases {
                let rate = try #require(rule.rate(of: curve))
                #expect(abs(rate / golden.rate(rule) - 1) < 1e-9, "\(name): \(rule)")
            }
        }
    }

    /// Losses that vary by chance have not fallen, nor those that only rise.
    @Test(arguments: [20, 40, 100, 300]) func chanceIsNoFall(steps: Int) {
        var random = CounterRandom(seed: 5, purpose: "losses")
        var fallen = 0
        for _ in 0..<100 {
            let losses = (0..<steps).map { _ in 0.7 + 0.05 * Double(random.normal()) }
            if Self.curve(losses, of: steps).fall() == .found { fallen += 1 }
        }
        #expect(fallen <= 2)
        #expect(Self.curve((0..<steps).map { 0.7 + 0.001 * Double($0) }, of: steps).fall() == .none)
        #expect(Self.curve([Double](repeating: 0.7, count: steps), of: steps).fall() == .none)
        let falling = (0..<steps).map {
            0.7 - 0.4 * Double($0) / Double(steps) + 0.02 * Double(random.normal())
        }
        #expect(Self.curve(falling, of: steps).fall() == .found)
    }

    /// A curve that ended early is looked at as far as it goes.
    @Test(arguments: [100, 300]) func anEarlyEndLeavesFewerToLookAt(steps: Int) {
        let early = 2 * steps / 10 - 2
        let falling = (0..<early).map { 0.7 - 0.4 * Double($0) / Double(early) }
        #expect(Self.curve(falling, of: steps).fall() == .found)
        #expect(Self.curve(Array(falling.prefix(9)), of: steps).fall() == .unknown)
    }

    @Test func tooFewLossesSuggestNothing() {
        let curve = Self.curve([1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4], of: 20)
        for rule in RateRule.allCases { #expect(rule.rate(of: curve) == nil) }
    }

    /// fastai's place would be the last one, counted from the end.
    @Test func aLossThatFallsAllTheWayHasAValleyFromItsBeginning() throws {
        let losses = (0..<14).map { 1 - 0.01 * Double($0) }
        let rate = try #require(RateRule.valley.rate(of: Self.curve(losses, of: 20)))
        #expect(rate < 1e-4)
    }
}
