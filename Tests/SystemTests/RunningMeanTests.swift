import Testing

@testable import System

@Suite struct RunningMeanTests {
    /// `mean = 0.8 · mean + 0.2 · loss` in a run of up to 250 steps.
    @Test func itBeginsWithTheFirstLossAndFollows() throws {
        var mean = RunningMean(planned: 100)
        #expect(mean.value == nil)
        for loss in [2.0, 1.0, 1.0] { mean.add(loss) }
        #expect(abs(try #require(mean.value) - 1.64) < 1e-12)
        for loss in [Double.nan, .infinity] {
            let isTaken = mean.add(loss)
            #expect(!isTaken)
        }
        #expect(abs(try #require(mean.value) - 1.64) < 1e-12)
    }

    @Test func aLongRunIsSmoothedMore() throws {
        var (short, long) = (RunningMean(planned: 10), RunningMean(planned: 5000))
        for loss in [1.0, 0.0] {
            short.add(loss)
            long.add(loss)
        }
        #expect(abs(try #require(short.value) - 0.8) < 1e-12)
        #expect(abs(try #require(long.value) - 0.99) < 1e-12)
    }
}
