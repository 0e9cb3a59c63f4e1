import System
import Testing

@Suite struct CounterRandomTests {
    @Test func whatIsDrawnInTurnStandsAtItsPlace() {
        var drawn = CounterRandom(seed: 7, purpose: "test", step: 3)
        let placed = drawn
        let inTurn = (1...5).map { _ in drawn.next() }
        #expect(inTurn == (1...5).map { placed[$0] })
        #expect(inTurn.reversed() == stride(from: 5, to: 0, by: -1).map { placed[UInt64($0)] })
    }

    @Test func seedPurposeAndStepEachMakeAStreamOfTheirOwn() {
        let streams = [
            CounterRandom(seed: 1, purpose: "a"), CounterRandom(seed: 2, purpose: "a"),
            CounterRandom(seed: 1, purpose: "b"), CounterRandom(seed: 1, purpose: "a", step: 1),
        ]
        #expect(Set(streams.map { $0[0] }).count == streams.count)
    }

    /// The values of SplitMix64's reference implementation after the seeds 0 and 1234567.
    @Test func numbersAreThoseOfSplitMix64() {
        #expect(CounterRandom(key: 0)[0] == 0xE220_A839_7B1D_CDAF)
        #expect(
            (0..<3).map { CounterRandom(key: 1_234_567)[$0] } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
    }
}
