import Diagnostics
import Testing

@testable import Training

@Suite struct BootstrapTests {
    /// Of 400 texts of which 300 are right: the normal approximation gives 0.75 ± 1.96 · √(0.75 · 0.25 / 400) = ± 0.0424.
    @Test func itsIntervalIsNearTheNormalOne() throws {
        let rows = (0..<400).map { [$0 < 300 ? 1.0 : 0] }
        let sums = try Bootstrap(seed: 1, trials: 2000).sums(of: rows, interruption: Interruption())
        let interval = try #require(Bootstrap.interval(of: sums.map { $0[0] / 400 }))
        #expect(abs(interval.lowerBound - 0.7076) < 0.006)
        #expect(abs(interval.upperBound - 0.7924) < 0.006)
    }

    @Test func whatIsDrawnDependsOnTheSeedAlone() throws {
        let rows = (0..<30).map { [Double($0), Double($0 * $0)] }
        let first = try Bootstrap(seed: 5).sums(of: rows, interruption: Interruption())
        #expect(try Bootstrap(seed: 5).sums(of: rows, interruption: Interruption()) == first)
        #expect(try Bootstrap(seed: 6).sums(of: rows, interruption: Interruption()) != first)
        // Another column draws the same texts.
        let second = try Bootstrap(seed: 5).sums(of: rows.map { [$0[1]] }, interruption: Interruption())
        #expect(second.map { $0[0] } == first.map { $0[1] })
    }

    @Test func twentyFiveOfAThousandLieToEitherSide() {
        #expect(Bootstrap.interval(of: (0..<1000).map(Double.init)) == 25...974)
        #expect(Bootstrap.interval(of: [1, 2, 3]) == nil)
    }
}
