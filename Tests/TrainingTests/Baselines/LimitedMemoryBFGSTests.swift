import Diagnostics
import Foundation
import Testing

@testable import Training

@Suite struct LimitedMemoryBFGSTests {
    /// Curvatures from 1 to 1,000, its least value at 1, 2, 3 …
    @Test func itFindsTheLeastOfABowl() throws {
        let outcome = try LimitedMemoryBFGS().minimum(
            from: Array(repeating: 0, count: 20), interruption: Interruption()
        ) { values in
            var (value, gradient) = (0.0, values)
            for (index, x) in values.enumerated() {
                let (curvature, distance) = (pow(1000, Double(index) / 19), x - Double(index + 1))
                value += 0.5 * curvature * distance * distance
                gradient[index] = curvature * distance
            }
            return (value, gradient)
        }
        #expect(outcome.isConverged)
        for (index, x) in outcome.values.enumerated() { #expect(abs(x - Double(index + 1)) < 1e-5) }
    }

    @Test func whatIsLeastAlreadyStays() throws {
        let outcome = try LimitedMemoryBFGS().minimum(from: [2], interruption: Interruption()) { values in
            ((values[0] - 2) * (values[0] - 2), [2 * (values[0] - 2)])
        }
        #expect(outcome.values == [2] && outcome.steps == 0 && outcome.isConverged)
    }

    @Test func whatHasNoEndIsSaidNotToConverge() throws {
        var search = LimitedMemoryBFGS()
        search.mostSteps = 5
        let outcome = try search.minimum(from: [0], interruption: Interruption()) { values in
            (exp(-values[0]), [-exp(-values[0])])
        }
        #expect(!outcome.isConverged && outcome.steps == 5)
    }
}
